package org.cairnfs.server.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.StoredView;
import picocli.CommandLine.Command;

/** {@code cairn cat}: prints a file straight from the storage. */
@Command(
        name = "cat",
        description = {
            "Write the bytes of a file to standard output, straight from the storage, as of the newest barrier or of an earlier time. No"
                    + " server is needed, and one that runs is not disturbed."
        },
        footer = {"", "Example:", "  cairn cat --at 3d s3://my-bucket/cairn /etc/hosts > hosts.before"})
final class CatCommand extends ViewCommand {
    CatCommand(Session session) {
        super(session);
    }

    @Override
    ExitCode run(StoredView view, String path, ProgressDisplay progress) throws CairnException {
        view.cat(path, new Checked(session().out()));
        return ExitCode.OK;
    }

    /** A print stream that tells when its bytes do not arrive: nothing may pass for a whole file that is none. */
    private static final class Checked extends OutputStream {
        private final PrintStream out;

        Checked(PrintStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            out.write(bytes, offset, length);
            if (out.checkError()) {
                throw new IOException("standard output takes no more");
            }
        }
    }
}
