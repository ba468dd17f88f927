package org.cairnfs.server.e2e;

import java.util.ArrayList;
import java.util.List;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Nfs3Client;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.xdr.XdrReader;

/** A client that lists a directory page by page, and keeps no more than a page. */
@FunctionalInterface
interface ListingClient {
    /** What a page may take on the wire, in bytes, and a quarter of it for names and cookies. */
    int PAGE_BYTES = Boolean.getBoolean("cairn.long") ? 32 << 10 : 8 << 10;

    /**
     * A page.
     *
     * @param names in their order, without the dots
     * @param last the cookie to go on from
     */
    record Page(List<String> names, long last, boolean end) {}

    /** The page after a cookie, from the start with 0. */
    Page after(long cookie) throws Exception;

    /** READDIR of 4.1, with the attributes that {@code ls -l} wants first. */
    static ListingClient of41(Session41 session, byte[] directory) {
        return cookie -> {
            XdrReader in = session.run(
                            Ops.putFh(directory),
                            Ops.readDir(
                                    cookie,
                                    0,
                                    PAGE_BYTES / 4,
                                    PAGE_BYTES,
                                    Attr.TYPE,
                                    Attr.CHANGE,
                                    Attr.SIZE,
                                    Attr.FILEHANDLE,
                                    Attr.FILEID,
                                    Attr.MODE))
                    .ok(OpCode.PUTFH, OpCode.READDIR)
                    .in();
            in.readHyper();
            List<String> names = new ArrayList<>();
            long last = cookie;
            while (in.readBoolean()) {
                last = in.readHyper();
                names.add(in.readUtf8(255));
                Bitmap4.decode(in);
                in.skipOpaque(4096);
            }
            return new Page(names, last, in.readBoolean());
        };
    }

    /** READDIRPLUS of 3. */
    static ListingClient of3(Nfs3Client client, byte[] directory) {
        return cookie -> {
            Reply3 reply = client.call(Calls.readDirPlus(directory, cookie, 0, PAGE_BYTES / 4, PAGE_BYTES))
                    .ok();
            reply.postOp();
            Reply3.Page page = reply.page(true);
            List<String> names = new ArrayList<>();
            long last = cookie;
            for (Reply3.Listed entry : page.entries()) {
                last = entry.cookie();
                if (!entry.name().equals(".") && !entry.name().equals("..")) {
                    names.add(entry.name());
                }
            }
            return new Page(names, last, page.end());
        };
    }
}
