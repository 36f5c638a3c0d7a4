-- Lists of files are paged in the order of the plan; a version may have a hundred thousand of them.
create index version_file_order on version_file (version_id, ordinal);
