-- Cairn metadata, schema version 2.
--
-- What a restore point needs: see docs/garbage-collection.md. Nobody wrote rows of this table before.

ALTER TABLE checkpoint ADD COLUMN packs BIGINT DEFAULT 9223372036854775807 NOT NULL; -- numbers from here on are of later packs
