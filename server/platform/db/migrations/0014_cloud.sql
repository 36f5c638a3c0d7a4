-- What a version is that has no files here: region, address and the day on which it first answered; provider and model are its source's.
alter table model_version add column hosted jsonb;
