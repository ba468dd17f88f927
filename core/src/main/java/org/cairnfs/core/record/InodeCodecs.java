package org.cairnfs.core.record;

import org.cairnfs.core.fs.Bytes;
import org.cairnfs.core.fs.FileType;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.metadata.row.AtimeRow;
import org.cairnfs.core.metadata.row.DirentRow;
import org.cairnfs.core.metadata.row.InodeRow;
import org.cairnfs.core.metadata.row.InodeRowBuilder;
import org.cairnfs.core.metadata.row.OrphanRow;
import org.cairnfs.core.metadata.row.RowKey;
import org.cairnfs.core.metadata.row.TrashRow;
import org.cairnfs.core.metadata.row.XattrRow;

/** Bytes of the rows of the namespace: inodes, names, attributes. */
final class InodeCodecs {
    private InodeCodecs() {}

    static final RowCodec<RowKey.Inode, InodeRow> INODE = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Inode key) {
            out.putVarint(key.inode());
        }

        @Override
        public RowKey.Inode readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Inode(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, InodeRow row) {
            out.putVarint(row.generation())
                    .putByte(row.type().code())
                    .putVarint(row.mode())
                    .putVarint(Integer.toUnsignedLong(row.uid()))
                    .putVarint(Integer.toUnsignedLong(row.gid()))
                    .putVarint(row.nlink())
                    .putVarint(row.size())
                    .putVarint(row.used())
                    .putVarint(row.device())
                    .putFixed64(row.btime())
                    .putNear(row.mtime(), row.btime())
                    .putNear(row.ctime(), row.mtime())
                    .putVarint(row.change())
                    .putVarint(row.parent())
                    .putVarint(row.content())
                    .putNullable(row.target())
                    .putVarint(row.entries())
                    .putVarint(row.nextCookie())
                    .putVarint(row.xattrs())
                    .putVarint(row.quotaRoot())
                    .putSigned(row.verifier())
                    .putVarint(Integer.toUnsignedLong(row.flags()))
                    .putVarint(row.born());
        }

        @Override
        public InodeRow readRest(FieldReader in, RowKey.Inode key, int version) throws RecordFormatException {
            InodeRowBuilder row = new InodeRowBuilder(key.inode(), in.readVarint(), type(in.readByte()))
                    .mode(in.readInt())
                    .uid(in.readUnsignedInt())
                    .gid(in.readUnsignedInt())
                    .nlink(in.readInt())
                    .size(in.readVarint())
                    .used(in.readVarint())
                    .device(in.readVarint());
            long btime = in.readFixed64();
            long mtime = in.readNear(btime);
            long ctime = in.readNear(mtime);
            return row.btime(btime)
                    .mtime(mtime)
                    .ctime(ctime)
                    .change(in.readVarint())
                    .parent(in.readVarint())
                    .content(in.readVarint())
                    .target(in.readNullable())
                    .entries(in.readVarint())
                    .nextCookie(in.readVarint())
                    .xattrs(in.readInt())
                    .quotaRoot(in.readVarint())
                    .verifier(in.readSigned())
                    .flags(in.readUnsignedInt())
                    .born(in.readVarint())
                    .build();
        }

        private FileType type(int code) throws RecordFormatException {
            try {
                return FileType.ofCode(code);
            } catch (IllegalArgumentException e) {
                throw new RecordFormatException("an inode of unknown type", e);
            }
        }
    };

    static final RowCodec<RowKey.Dirent, DirentRow> DIRENT = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Dirent key) {
            out.putVarint(key.parent()).putBytes(key.name().bytes());
        }

        @Override
        public RowKey.Dirent readKey(FieldReader in) throws RecordFormatException {
            long parent = in.readVarint();
            Name name = in.readName();
            return new RowKey.Dirent(parent, name);
        }

        @Override
        public void writeRest(FieldWriter out, DirentRow row) {
            out.putVarint(row.inode()).putVarint(row.cookie()).putVarint(row.born());
        }

        @Override
        public DirentRow readRest(FieldReader in, RowKey.Dirent key, int version) throws RecordFormatException {
            long inode = in.readVarint();
            long cookie = in.readVarint();
            return new DirentRow(key.parent(), key.name(), inode, cookie, in.readVarint());
        }
    };

    static final RowCodec<RowKey.Xattr, XattrRow> XATTR = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Xattr key) {
            out.putVarint(key.inode()).putBytes(key.name().bytes());
        }

        @Override
        public RowKey.Xattr readKey(FieldReader in) throws RecordFormatException {
            long inode = in.readVarint();
            return new RowKey.Xattr(inode, in.readAttributeName());
        }

        @Override
        public void writeRest(FieldWriter out, XattrRow row) {
            out.putBytes(row.value()).putVarint(row.born());
        }

        @Override
        public XattrRow readRest(FieldReader in, RowKey.Xattr key, int version) throws RecordFormatException {
            Bytes value = in.readBytes();
            return new XattrRow(key.inode(), key.name(), value, in.readVarint());
        }
    };

    static final RowCodec<RowKey.Atime, AtimeRow> ATIME = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Atime key) {
            out.putVarint(key.inode());
        }

        @Override
        public RowKey.Atime readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Atime(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, AtimeRow row) {
            out.putFixed64(row.atime());
        }

        @Override
        public AtimeRow readRest(FieldReader in, RowKey.Atime key, int version) throws RecordFormatException {
            return new AtimeRow(key.inode(), in.readFixed64());
        }
    };

    static final RowCodec<RowKey.Orphan, OrphanRow> ORPHAN = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Orphan key) {
            out.putVarint(key.inode());
        }

        @Override
        public RowKey.Orphan readKey(FieldReader in) throws RecordFormatException {
            return new RowKey.Orphan(in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, OrphanRow row) {
            // The key is all there is.
        }

        @Override
        public OrphanRow readRest(FieldReader in, RowKey.Orphan key, int version) {
            return new OrphanRow(key.inode());
        }
    };

    static final RowCodec<RowKey.Trash, TrashRow> TRASH = new RowCodec<>() {
        @Override
        public void writeKey(FieldWriter out, RowKey.Trash key) {
            out.putFixed64(key.until()).putVarint(key.inode());
        }

        @Override
        public RowKey.Trash readKey(FieldReader in) throws RecordFormatException {
            long until = in.readFixed64();
            return new RowKey.Trash(until, in.readVarint());
        }

        @Override
        public void writeRest(FieldWriter out, TrashRow row) {
            out.putVarint(row.parent())
                    .putBytes(row.name().bytes())
                    .putByte(row.directory() ? 1 : 0)
                    .putFixed64(row.removed());
        }

        @Override
        public TrashRow readRest(FieldReader in, RowKey.Trash key, int version) throws RecordFormatException {
            long parent = in.readVarint();
            Name name = in.readName();
            boolean directory = in.readByte() != 0;
            return new TrashRow(key.until(), key.inode(), parent, name, directory, in.readFixed64());
        }
    };
}
