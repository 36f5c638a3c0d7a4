-- What a version is that has no files here: region, address and the day on which it first answered; provider and model are its source's.
alter table model_version add column hosted jsonb;

-- What nobody knows is no license: catalogs count it as unknown, whether or not anybody has looked.
update model set license_label = null where license_label = 'Unknown';
