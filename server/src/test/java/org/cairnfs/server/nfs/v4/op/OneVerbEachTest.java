package org.cairnfs.server.nfs.v4.op;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.nfs.state.Stateid;
import org.cairnfs.server.nfs.v4.testing.Nfs4Fixture;
import org.cairnfs.server.nfs.v4.testing.Ops;
import org.cairnfs.server.nfs.v4.testing.Session41;
import org.cairnfs.server.nfs.v4.testing.Session41.OpenFile;
import org.cairnfs.server.nfs.v4.testing.Verbs;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** READ, WRITE and COMMIT ask the file system one thing each. */
class OneVerbEachTest {
    /** What costs nothing: constants. */
    private static final Set<String> FREE = Set.of("root", "bootVerifier");

    private final List<String> verbs = Collections.synchronizedList(new ArrayList<>());
    private final Nfs4Fixture server = new Nfs4Fixture(this::counted);
    private Session41 session;
    private OpenFile file;

    private FileSystem counted(FileSystem model) {
        return Verbs.intercepted(model, (verb, arguments, usual) -> {
            if (!FREE.contains(verb)) {
                verbs.add(verb);
            }
            return usual.call();
        });
    }

    @BeforeEach
    void open() throws Exception {
        session = Session41.open(server.connection(), "client");
        file = session.create("f");
        verbs.clear();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void byAnOpen() throws Exception {
        session.write(file, 0, new byte[10]);
        assertThat(verbs).containsExactly("writeOpen");
        verbs.clear();
        session.read(file, 0, 10);
        assertThat(verbs).containsExactly("readOpen");
        verbs.clear();
        session.run(Ops.putFh(file.handle()), Ops.commit(0, 0));
        assertThat(verbs).containsExactly("commit");
    }

    @Test
    void withoutAnOpen() throws Exception {
        session.run(Ops.putFh(file.handle()), Ops.write(Stateid.ANONYMOUS, 0, Ops.UNSTABLE, new byte[10]));
        session.run(Ops.putFh(file.handle()), Ops.read(Stateid.ANONYMOUS, 0, 10));
        assertThat(verbs).containsExactly("write", "read");
    }
}
