-- Cairn metadata, schema version 4.
--
-- How the inodes are found that two snapshots show differently: by the epochs in which their images were born, from any of them on.

DROP INDEX inode_born;
CREATE INDEX inode_born ON inode (born, inode);
DROP INDEX inode_history_born;
CREATE INDEX inode_history_born ON inode_history (born, inode);
