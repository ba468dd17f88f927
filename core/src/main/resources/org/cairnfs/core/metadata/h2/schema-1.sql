-- Cairn metadata, schema version 1.
--
-- One table for each kind of row (see the row records, whose fields are these columns). Numbers count up from 1 and are
-- never reused; 0 says "none". Bytes are bytes: names are compared unsigned, byte by byte, and never decoded. Times are
-- nanoseconds since 1970 in UTC unless the name says millis. An epoch is the number that a snapshot raises by one.
--
-- born    epoch of the row's last change
-- died    (history only) epoch of the change that replaced or removed this image: snapshot E sees it if born <= E < died
--
-- A key of one BIGINT is H2's own row tree and costs no index; every index costs one more tree to write. Indexes are made
-- before rows come. No foreign keys, no checks: the journal is the truth, and the database is rebuilt from it.

-- An inode in the present.
CREATE TABLE inode (
    inode       BIGINT PRIMARY KEY,     -- number
    generation  BIGINT NOT NULL,        -- incarnation of the server in which it was made
    type        TINYINT NOT NULL,       -- (st_mode & S_IFMT) >> 12
    mode        SMALLINT NOT NULL,      -- permission bits, 0 to 07777
    uid         INTEGER NOT NULL,       -- unsigned 32 bits
    gid         INTEGER NOT NULL,       -- unsigned 32 bits
    nlink       INTEGER NOT NULL,       -- names; a directory: 2 + sub-directories; 0: an orphan, see there
    size        BIGINT NOT NULL,        -- bytes of a file; length of a symbolic link's target; 0 else
    used        BIGINT NOT NULL,        -- bytes of a file that extents hold
    device      BIGINT NOT NULL,        -- major << 32 | minor; 0 else
    mtime       BIGINT NOT NULL,
    ctime       BIGINT NOT NULL,
    btime       BIGINT NOT NULL,
    change      BIGINT NOT NULL,        -- strictly monotonic: incarnation << 40 | counter
    parent      BIGINT NOT NULL,        -- of a directory: its directory (the root: itself); 0 else
    content     BIGINT NOT NULL,        -- of a file: its content; 0 else
    target      VARBINARY(4096),        -- of a symbolic link; null else
    entries     BIGINT NOT NULL,        -- of a directory: names in it; 0 else
    next_cookie BIGINT NOT NULL,        -- of a directory: cookie of its next name, from 3; 0 else
    xattrs      INTEGER NOT NULL,       -- number of extended attributes
    quota_root  BIGINT NOT NULL,        -- directory whose quota it counts for; 0 none
    verifier    BIGINT NOT NULL,        -- of the exclusive create that made it; 0 none or past
    flags       INTEGER NOT NULL,       -- bit 0: hidden
    born        BIGINT NOT NULL
);
CREATE INDEX inode_born ON inode (born);

CREATE TABLE inode_history (
    inode       BIGINT NOT NULL,
    generation  BIGINT NOT NULL,
    type        TINYINT NOT NULL,
    mode        SMALLINT NOT NULL,
    uid         INTEGER NOT NULL,
    gid         INTEGER NOT NULL,
    nlink       INTEGER NOT NULL,
    size        BIGINT NOT NULL,
    used        BIGINT NOT NULL,
    device      BIGINT NOT NULL,
    mtime       BIGINT NOT NULL,
    ctime       BIGINT NOT NULL,
    btime       BIGINT NOT NULL,
    change      BIGINT NOT NULL,
    parent      BIGINT NOT NULL,
    content     BIGINT NOT NULL,
    target      VARBINARY(4096),
    entries     BIGINT NOT NULL,
    next_cookie BIGINT NOT NULL,
    xattrs      INTEGER NOT NULL,
    quota_root  BIGINT NOT NULL,
    verifier    BIGINT NOT NULL,
    flags       INTEGER NOT NULL,
    born        BIGINT NOT NULL,
    died        BIGINT NOT NULL,
    PRIMARY KEY (inode, died)
);
CREATE INDEX inode_history_died ON inode_history (died);
CREATE INDEX inode_history_born ON inode_history (born);

-- A name in a directory.
CREATE TABLE dirent (
    parent      BIGINT NOT NULL,        -- inode of the directory
    name        VARBINARY(255) NOT NULL,
    inode       BIGINT NOT NULL,        -- that it leads to
    cookie      BIGINT NOT NULL,        -- place in listings; unique in the directory, from 3, never reused in it
    born        BIGINT NOT NULL,
    PRIMARY KEY (parent, name)
);
CREATE INDEX dirent_cookie ON dirent (parent, cookie);
CREATE INDEX dirent_inode ON dirent (inode);
CREATE INDEX dirent_born ON dirent (born);

CREATE TABLE dirent_history (
    parent      BIGINT NOT NULL,
    name        VARBINARY(255) NOT NULL,
    inode       BIGINT NOT NULL,
    cookie      BIGINT NOT NULL,
    born        BIGINT NOT NULL,
    died        BIGINT NOT NULL,
    PRIMARY KEY (parent, name, died)
);
CREATE INDEX dirent_history_died ON dirent_history (died);
CREATE INDEX dirent_history_born ON dirent_history (born);

-- An extended attribute.
CREATE TABLE xattr (
    inode       BIGINT NOT NULL,
    name        VARBINARY(255) NOT NULL, -- with its prefix
    bytes       VARBINARY(65536) NOT NULL,
    born        BIGINT NOT NULL,
    PRIMARY KEY (inode, name)
);
CREATE INDEX xattr_born ON xattr (born);

CREATE TABLE xattr_history (
    inode       BIGINT NOT NULL,
    name        VARBINARY(255) NOT NULL,
    bytes       VARBINARY(65536) NOT NULL,
    born        BIGINT NOT NULL,
    died        BIGINT NOT NULL,
    PRIMARY KEY (inode, name, died)
);
CREATE INDEX xattr_history_died ON xattr_history (died);
CREATE INDEX xattr_history_born ON xattr_history (born);

-- A content that more than one inode points to; one that is not listed has exactly one owner.
CREATE TABLE content (
    content     BIGINT PRIMARY KEY,
    refs        BIGINT NOT NULL,        -- inodes of the present that point to it; over 1
    born        BIGINT NOT NULL
);
CREATE INDEX content_born ON content (born);

CREATE TABLE content_history (
    content     BIGINT NOT NULL,
    refs        BIGINT NOT NULL,
    born        BIGINT NOT NULL,
    died        BIGINT NOT NULL,
    PRIMARY KEY (content, died)
);
CREATE INDEX content_history_died ON content_history (died);
CREATE INDEX content_history_born ON content_history (born);

-- A range of a content and where its bytes are. Extents of one content do not overlap; what none covers is a hole.
CREATE TABLE extent (
    content     BIGINT NOT NULL,
    start       BIGINT NOT NULL,        -- offset in the content, bytes
    length      BIGINT NOT NULL,        -- bytes, over 0
    chunk       BIGINT NOT NULL,        -- that holds the bytes
    chunk_start INTEGER NOT NULL,       -- offset in the decoded chunk, bytes
    born        BIGINT NOT NULL,
    PRIMARY KEY (content, start)
);
CREATE INDEX extent_chunk ON extent (chunk);
CREATE INDEX extent_born ON extent (born);

CREATE TABLE extent_history (
    content     BIGINT NOT NULL,
    start       BIGINT NOT NULL,
    length      BIGINT NOT NULL,
    chunk       BIGINT NOT NULL,
    chunk_start INTEGER NOT NULL,
    born        BIGINT NOT NULL,
    died        BIGINT NOT NULL,
    PRIMARY KEY (content, start, died)
);
CREATE INDEX extent_history_died ON extent_history (died);
CREATE INDEX extent_history_born ON extent_history (born);
CREATE INDEX extent_history_chunk ON extent_history (chunk);

-- A stored piece of data, shared by all extents with equal bytes.
CREATE TABLE chunk (
    chunk         BIGINT PRIMARY KEY,
    id            VARBINARY(32) NOT NULL, -- keyed hash of the plain bytes; unique among chunks that are not suspect
    pack          BIGINT NOT NULL,
    pack_start    INTEGER NOT NULL,     -- first byte of the sealed frame in the pack
    stored_length INTEGER NOT NULL,     -- bytes of the sealed frame
    length        INTEGER NOT NULL,     -- plain bytes
    state         TINYINT NOT NULL,     -- 0 pending, 1 durable, 2 retiring, 3 suspect
    dead_seq      BIGINT NOT NULL       -- journal sequence at which its last extent went; 0 while one refers to it
);
CREATE INDEX chunk_id ON chunk (id);

-- An object in the store that holds sealed chunks.
CREATE TABLE pack (
    pack        BIGINT PRIMARY KEY,
    object_key  VARCHAR(1024) NOT NULL, -- in the object store
    header      VARBINARY(4096) NOT NULL, -- what is needed to open a frame without reading the object's beginning
    size        BIGINT NOT NULL,        -- bytes of the object
    live_bytes  BIGINT NOT NULL,        -- stored bytes of chunks that some extent refers to
    metadata    BOOLEAN NOT NULL,       -- holds a checkpoint's chunks rather than file data
    state       TINYINT NOT NULL,       -- as of a chunk
    dead_seq    BIGINT NOT NULL         -- journal sequence at which its last chunk died; 0 while one lives
);

-- The access time of an inode; one without a row was last read when it was made. Not versioned.
CREATE TABLE atime (
    inode       BIGINT PRIMARY KEY,
    atime       BIGINT NOT NULL
);

-- An inode without names that was open when its last name went.
CREATE TABLE orphan (
    inode       BIGINT PRIMARY KEY
);

-- A long operation that goes on in the background in small steps, and after a restart from where it was.
CREATE TABLE work (
    id          BIGINT PRIMARY KEY,     -- lower is older
    operation   VARCHAR(64) NOT NULL,   -- what is done
    arguments   VARBINARY(1048576) NOT NULL, -- encoded by the operation
    progress    VARBINARY(1048576) NOT NULL  -- how far it is, encoded by the operation
);

-- A named number of the whole file system: bounds of reserved ids, the epoch.
CREATE TABLE counter (
    name        VARCHAR(64) PRIMARY KEY,
    number      BIGINT NOT NULL
);

-- What a quota root (0: the whole file system) holds; derived from the inodes in the same transaction, never journaled.
CREATE TABLE usage (
    root        BIGINT PRIMARY KEY,
    bytes       BIGINT NOT NULL,        -- sum of the sizes of files
    inodes      BIGINT NOT NULL
);

-- The limits of a quota root; 0 is no limit.
CREATE TABLE quota (
    root           BIGINT PRIMARY KEY,
    soft_bytes     BIGINT NOT NULL,
    hard_bytes     BIGINT NOT NULL,
    soft_inodes    BIGINT NOT NULL,
    hard_inodes    BIGINT NOT NULL,
    grace_seconds  BIGINT NOT NULL,     -- how long a soft limit may be exceeded
    exceeded_since BIGINT NOT NULL      -- wall clock in milliseconds; 0 if no soft limit is exceeded
);

-- A name for an epoch.
CREATE TABLE snapshot (
    number         BIGINT PRIMARY KEY,  -- the snapshot number of its file handles
    epoch          BIGINT NOT NULL,     -- that it shows
    name           VARBINARY(255),      -- unique among those that are not hidden; null if hidden
    created_millis BIGINT NOT NULL,
    holds          INTEGER NOT NULL,    -- how many holds keep it
    flags          INTEGER NOT NULL     -- bit 0: hidden; bit 1: being deleted
);

-- An inode that a tree lock makes immutable.
CREATE TABLE inode_lock (
    inode       BIGINT NOT NULL,
    lock        BIGINT NOT NULL,
    PRIMARY KEY (inode, lock)
);
CREATE INDEX inode_lock_lock ON inode_lock (lock);

-- An immutable tree.
CREATE TABLE tree_lock (
    lock         BIGINT PRIMARY KEY,
    root         BIGINT NOT NULL,       -- its topmost inode
    until_millis BIGINT NOT NULL,       -- wall clock until which it holds; 0 for ever
    state        TINYINT NOT NULL       -- 0 being filled in, 1 complete, 2 being released
);

-- A checkpoint of these tables in the object store: a restore point.
CREATE TABLE checkpoint (
    sequence       BIGINT PRIMARY KEY,  -- journal sequence from which it is consistent
    object_key     VARCHAR(1024) NOT NULL, -- of its root object
    epoch          BIGINT NOT NULL,     -- that it pins
    created_millis BIGINT NOT NULL
);

-- One row, written in each transaction: where in the journal these tables stand, and counts of them. Missing: the tables were
-- not filled to the end, and are worth nothing.
CREATE TABLE progress (
    one          TINYINT PRIMARY KEY,   -- 1
    applied_seq  BIGINT NOT NULL,       -- all change sets up to here are in the tables
    low_seq      BIGINT NOT NULL,       -- oldest record that lazy rows or unflushed contents may still need
    entries      BIGINT NOT NULL,       -- rows of dirent
    chunks       BIGINT NOT NULL,       -- rows of chunk
    unique_bytes BIGINT NOT NULL,       -- plain bytes of chunks whose dead_seq is 0
    stored_bytes BIGINT NOT NULL        -- stored bytes of those
);
