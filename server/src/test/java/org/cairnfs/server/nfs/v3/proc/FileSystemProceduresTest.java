package org.cairnfs.server.nfs.v3.proc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.cairnfs.core.fs.FileSystem;
import org.cairnfs.server.exports.SecurityFlavor;
import org.cairnfs.server.nfs.v3.Nfs3Status;
import org.cairnfs.server.nfs.v3.testing.Calls;
import org.cairnfs.server.nfs.v3.testing.Calls.Sattr;
import org.cairnfs.server.nfs.v3.testing.Reply3;
import org.junit.jupiter.api.Test;

/** FSSTAT, FSINFO and PATHCONF, and who may do what. */
class FileSystemProceduresTest extends ProcedureRig {
    @Test
    void theFileSystemTellsItsLimits() throws Exception {
        Reply3 info = root.call(Calls.fsInfo(root.root())).ok();
        assertThat(info.postOp()).isPresent();
        int[] sizes = new int[7];
        for (int i = 0; i < sizes.length; i++) {
            sizes[i] = info.in().readInt();
        }
        assertThat(sizes).containsExactly(1 << 20, 1 << 20, 4096, 1 << 20, 1 << 20, 4096, 64 << 10);
        assertThat(info.in().readHyper()).isEqualTo(FileSystem.MAX_FILE_SIZE);
        assertThat(info.time()).isEqualTo(1);
        assertThat(info.in().readInt()).isEqualTo(0x1b);
        info.end();

        Reply3 stat = root.call(Calls.fsStat(root.root())).ok();
        assertThat(stat.postOp()).isPresent();
        for (int i = 0; i < 6; i++) {
            assertThat(stat.in().readHyper()).isPositive();
        }
        assertThat(stat.in().readInt()).isZero();
        stat.end();

        Reply3 conf = root.call(Calls.pathConf(root.root())).ok();
        assertThat(conf.postOp()).isPresent();
        assertThat(conf.in().readInt()).isEqualTo(FileSystem.MAX_LINKS);
        assertThat(conf.in().readInt()).isEqualTo(255);
        assertThat(conf.in().readBoolean()).isTrue();
        assertThat(conf.in().readBoolean()).isTrue();
        assertThat(conf.in().readBoolean()).isFalse();
        assertThat(conf.in().readBoolean()).isTrue();
        conf.end();
    }

    @Test
    void readOnlyExportsAreReadOnly() throws Exception {
        byte[] file = root.create("f");
        root.write(file, 0, new byte[3]);
        server.exportReadOnly();
        root.expect(Nfs3Status.ROFS, Calls.write(file, 0, 0, new byte[1]));
        root.expect(Nfs3Status.ROFS, Calls.setAttr(file, Sattr.mode(0), null));
        root.expect(Nfs3Status.ROFS, Calls.create(root.root(), "g", false, Sattr.NONE));
        root.expect(Nfs3Status.ROFS, Calls.mkDir(root.root(), "g", Sattr.NONE));
        root.expect(Nfs3Status.ROFS, Calls.remove(root.root(), "f"));
        root.expect(Nfs3Status.ROFS, Calls.rename(root.root(), "f", root.root(), "g"));
        root.expect(Nfs3Status.ROFS, Calls.link(file, root.root(), "g"));
        assertThat(root.read(file, 0, 10)).hasSize(3);
    }

    @Test
    void nobodyGetsAtWhatIsNotExported() throws Exception {
        byte[] file = root.create("f");
        server.exportToNobody();
        Reply3 refused = root.call(Calls.read(file, 0, 1));
        assertThat(refused.status()).isEqualTo(Nfs3Status.ACCES);
        assertThat(refused.postOp()).as("not even its attributes").isEmpty();
        refused.end();
    }

    @Test
    void whoMustAuthenticateOtherwiseIsToldByRpc() throws Exception {
        byte[] file = root.create("f");
        server.export().only(SecurityFlavor.KRB5);
        for (Calls.Call call : List.of(Calls.getAttr(file), Calls.remove(root.root(), "f"))) {
            assertThatThrownBy(() -> root.call(call)).rootCause().hasMessageContaining("denied: reject_stat 1");
        }
        server.export().only(SecurityFlavor.SYS);
        assertThat(root.read(file, 0, 1)).isEmpty();
    }

    @Test
    void handlesThatAreNoneAreTold() throws Exception {
        root.expect(Nfs3Status.BADHANDLE, Calls.getAttr(new byte[0]));
        root.expect(Nfs3Status.BADHANDLE, Calls.read(new byte[64], 0, 1));
        byte[] other = root.root().clone();
        other[5] ^= 1;
        root.expect(Nfs3Status.STALE, Calls.getAttr(other));
    }
}
