package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;
import static org.cairnfs.server.nfs.v4.testing.Ops.lookup;
import static org.cairnfs.server.nfs.v4.testing.Ops.putRootFh;
import static org.cairnfs.server.nfs.v4.testing.Ops.readDir;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.cairnfs.core.fs.CreateRequest;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.core.fs.FileHandle;
import org.cairnfs.core.fs.Name;
import org.cairnfs.core.fs.OpContext;
import org.cairnfs.core.fs.RemoveKind;
import org.cairnfs.server.nfs.v4.NfsStatus;
import org.cairnfs.server.nfs.v4.attr.Attr;
import org.cairnfs.server.nfs.v4.attr.Bitmap4;
import org.cairnfs.server.nfs.v4.compound.OpCode;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Reply;
import org.cairnfs.server.nfs.xdr.XdrReader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** READDIR: the limits, the cookies, and directories that change while they are read. */
class ReadDirTest {
    private final Nfs4Fixture server = new Nfs4Fixture();
    private final OpContext op = new OpContext(Credentials.ROOT);

    /** One part of a directory as a client sees it. */
    record Part(List<Long> cookies, List<String> names, boolean end, int bytes) {}

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void anEmptyDirectoryEndsAtOnce() throws Exception {
        Part part = read(0, 0, 16, Attr.TYPE);

        assertThat(part.names()).isEmpty();
        assertThat(part.end()).isTrue();
    }

    @Test
    void tenThousandEntriesAreEachSeenOnceWhileOthersAreRemoved() throws Exception {
        Set<String> expected = new HashSet<>();
        for (int i = 0; i < 10_000; i++) {
            create("file-" + i);
            expected.add("file-" + i);
        }
        List<String> seen = new ArrayList<>();
        long cookie = 0;
        boolean end = false;
        for (int parts = 0; !end; parts++) {
            Part part = read(cookie, 8192, 32_768, Attr.TYPE, Attr.FILEID, Attr.MODE, Attr.FILEHANDLE, Attr.OWNER);
            assertThat(part.bytes()).isLessThanOrEqualTo(32_768);
            seen.addAll(part.names());
            end = part.end();
            if (!end) {
                cookie = part.cookies().get(part.cookies().size() - 1);
                // The one just listed, on whose cookie the next part rests, and a few that were seen before.
                remove(part.names().get(part.names().size() - 1));
                remove(part.names().get(parts % (part.names().size() - 1)));
            }
        }

        assertThat(seen).doesNotHaveDuplicates().containsExactlyInAnyOrderElementsOf(expected);
    }

    @Test
    void theBoundOfTheReplyHolds() throws Exception {
        for (int i = 0; i < 50; i++) {
            create("name-" + i);
        }
        for (int max = 60; max < 600; max += 4) {
            Part part = read(0, 0, max, Attr.FILEID);
            assertThat(part.bytes()).isLessThanOrEqualTo(max);
            assertThat(part.names()).isNotEmpty();
            assertThat(part.end()).isFalse();
        }
        assertThat(read(0, 0, 65_536, Attr.FILEID).names()).hasSize(50);
    }

    @Test
    void theHintBoundsTheNames() throws Exception {
        for (int i = 0; i < 100; i++) {
            create("name-" + i);
        }

        assertThat(read(0, 100, 65_536).names()).hasSizeBetween(1, 10);
    }

    @Test
    void whatCannotBe() throws Exception {
        create("some-name");

        expect(NfsStatus.TOOSMALL, 0, 0, 8);
        expect(NfsStatus.TOOSMALL, 0, 0, 24);
        expect(NfsStatus.BAD_COOKIE, 1, 0, 4096);
        expect(NfsStatus.BAD_COOKIE, 2, 0, 4096);
        expect(NfsStatus.NOT_SAME, 9, 77, 4096);
        Reply reply = server.client().call(0, putRootFh(), lookup("some-name"), readDir(0, 0, 0, 4096));
        assertThat(reply.status()).isEqualTo(NfsStatus.NOTDIR);
        reply = server.client().call(0, putRootFh(), readDir(0, 0, 0, 4096, Attr.TIME_ACCESS_SET));
        assertThat(reply.status()).isEqualTo(NfsStatus.INVAL);
        server.connection().as(1000, 1000);
        server.fileSystem().setattr(op, server.fileSystem().root(), org.cairnfs.core.fs.SetAttributes.ofMode(0711));
        expect(NfsStatus.ACCESS, 0, 0, 4096);
    }

    private void expect(NfsStatus status, long cookie, long verifier, int max) throws Exception {
        Reply reply = server.client().call(0, putRootFh(), readDir(cookie, verifier, 0, max));
        assertThat(reply.status()).isEqualTo(status);
        reply.ok(OpCode.PUTROOTFH);
        assertThat(reply.next(OpCode.READDIR)).isEqualTo(status);
        reply.end();
    }

    private Part read(long cookie, int names, int max, Attr... attributes) throws Exception {
        Reply reply = server.client()
                .call(0, putRootFh(), readDir(cookie, 0, names, max, attributes))
                .ok(OpCode.PUTROOTFH, OpCode.READDIR);
        XdrReader in = reply.in();
        int start = in.position();
        assertThat(in.readHyper()).isZero();
        List<Long> cookies = new ArrayList<>();
        List<String> found = new ArrayList<>();
        while (in.readBoolean()) {
            cookies.add(in.readHyper());
            found.add(in.readUtf8(255));
            Bitmap4.decode(in);
            in.skipOpaque(4096);
        }
        boolean end = in.readBoolean();
        reply.end();
        return new Part(cookies, found, end, in.position() - start);
    }

    private void create(String name) throws Exception {
        FileHandle root = server.fileSystem().root();
        server.fileSystem().create(op, root, Name.of(name), CreateRequest.file(0644));
    }

    private void remove(String name) throws Exception {
        server.fileSystem().remove(op, server.fileSystem().root(), Name.of(name), RemoveKind.ANY);
    }
}
