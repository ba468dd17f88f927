package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.cairnfs.core.testkit.FakeClock;
import org.cairnfs.core.testkit.Shell;
import org.cairnfs.core.testkit.VerbsSubject;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Call;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Nfs3Client;
import org.cairnfs.server.nfs.v3.testing.Nfs3Fixture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Every procedure that could change a locked tree gets PERM; the real verbs are served. */
class ImmutableTreeTest {
    private static final int FIFO = 7;
    private static final int FILE_SYNC = 2;

    private final VerbsSubject subject = VerbsSubject.inMemory(new FakeClock());
    private final Shell shell = new Shell(subject.fileSystem());
    private Nfs3Fixture server;
    private Nfs3Client root;

    /** tree/file, also named outside; tree/dir; free/other. */
    @BeforeEach
    void plantAndLock() throws Exception {
        server = new Nfs3Fixture(model -> subject.fileSystem());
        root = server.root();
        shell.mkdir("/tree", 0777);
        shell.mkdir("/tree/dir", 0777);
        shell.mkdir("/free", 0777);
        shell.touch("/tree/file", 0666);
        shell.write("/tree/file", 0, "text");
        shell.touch("/free/other", 0666);
        shell.link("/tree/file", "/outside");
        subject.treeLocking().lock(shell.at("/tree").inode(), 0);
        subject.work().drain();
    }

    @AfterEach
    void close() throws Exception {
        server.close();
        subject.close();
    }

    private byte[] find(byte[] directory, String name) throws Exception {
        return root.call(Calls.lookup(directory, name)).ok().handle();
    }

    @Test
    void everyChangeIsRefused() throws Exception {
        byte[] tree = find(root.root(), "tree");
        byte[] file = find(tree, "file");
        byte[] free = find(root.root(), "free");
        byte[] other = find(free, "other");
        Sattr none = Sattr.NONE;
        Map<String, Call> changes = new LinkedHashMap<>();
        changes.put("write", Calls.write(file, 0, FILE_SYNC, new byte[1]));
        changes.put("truncate", Calls.setAttr(file, Sattr.size(0), null));
        changes.put("grow", Calls.setAttr(file, Sattr.size(100), null));
        changes.put("chmod", Calls.setAttr(file, Sattr.mode(0600), null));
        changes.put("chown of the root", Calls.setAttr(tree, none.withOwner(7, 7), null));
        changes.put("utimes", Calls.setAttr(file, none.withTimes(new int[] {5, 0}, new int[] {5, 0}), null));
        changes.put("create", Calls.create(tree, "new", true, Sattr.mode(0644)));
        changes.put("create over one", Calls.create(tree, "file", false, Sattr.size(0)));
        changes.put("create exclusively", Calls.createExclusive(tree, "new", 7));
        changes.put("mkdir", Calls.mkDir(tree, "new", Sattr.mode(0755)));
        changes.put("symlink", Calls.symLink(tree, "new", "file"));
        changes.put("mknod", Calls.mkNod(tree, "new", FIFO, Sattr.mode(0644), null));
        changes.put("remove", Calls.remove(tree, "file"));
        changes.put("remove of a name outside", Calls.remove(root.root(), "outside"));
        changes.put("rmdir", Calls.rmDir(tree, "dir"));
        changes.put("rename in", Calls.rename(free, "other", tree, "new"));
        changes.put("rename out", Calls.rename(tree, "file", free, "new"));
        changes.put("rename of the root", Calls.rename(root.root(), "tree", root.root(), "new"));
        changes.put("link in", Calls.link(other, tree, "new"));
        changes.put("link out", Calls.link(file, free, "new"));
        long changed = subject.fileSystem().newestChange();
        for (Map.Entry<String, Call> change : changes.entrySet()) {
            assertThat(root.call(change.getValue()).status())
                    .as(change.getKey())
                    .isEqualTo(Nfs3Status.PERM);
        }
        assertThat(subject.fileSystem().newestChange()).as("what is journaled").isEqualTo(changed);
        assertThat(root.read(file, 0, 10)).asString().isEqualTo("text");
    }
}
