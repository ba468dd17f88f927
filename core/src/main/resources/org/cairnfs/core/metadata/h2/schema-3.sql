-- Cairn metadata, schema version 3.
--
-- What snapshots are read by: a directory as it was in the order of its cookies, and the names that an inode had.

CREATE INDEX dirent_history_cookie ON dirent_history (parent, cookie);
CREATE INDEX dirent_history_inode ON dirent_history (inode);

-- And how a deleted snapshot's images are found: in the order of their ends, from any of them on.

DROP INDEX inode_history_died;
CREATE INDEX inode_history_died ON inode_history (died, inode);
DROP INDEX dirent_history_died;
CREATE INDEX dirent_history_died ON dirent_history (died, parent, name);
DROP INDEX xattr_history_died;
CREATE INDEX xattr_history_died ON xattr_history (died, inode, name);
DROP INDEX content_history_died;
CREATE INDEX content_history_died ON content_history (died, content);
DROP INDEX extent_history_died;
CREATE INDEX extent_history_died ON extent_history (died, content, start);
