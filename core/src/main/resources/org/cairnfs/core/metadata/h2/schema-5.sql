-- Cairn metadata, schema version 5.
--
-- A removed inode that is kept for a time, in the order in which they go. Not versioned.
CREATE TABLE trash (
    until       BIGINT NOT NULL,        -- wall clock in nanoseconds when it goes
    inode       BIGINT NOT NULL,
    parent      BIGINT NOT NULL,        -- directory from which it was removed
    name        VARBINARY(255) NOT NULL, -- under which it was in it
    directory   BOOLEAN NOT NULL,       -- whether it is one
    removed     BIGINT NOT NULL,        -- wall clock in nanoseconds
    PRIMARY KEY (until, inode)
);
