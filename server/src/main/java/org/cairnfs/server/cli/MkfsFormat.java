package org.cairnfs.server.cli;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalLong;
import org.cairnfs.core.crypto.Passphrase;
import org.cairnfs.core.data.codec.Compression;
import org.cairnfs.core.objectstore.StorageUrl;
import org.cairnfs.core.objectstore.credentials.CredentialsSource;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.ExitCode;
import org.cairnfs.server.app.VolumeFactory.MkfsOptions;
import org.cairnfs.server.config.Sizes;
import picocli.CommandLine.Option;

/** The options of a new file system, shared by mkfs and up. */
final class MkfsFormat {
    private static final long LEAST_CHUNK = 16 << 10;
    private static final long MOST_CHUNK = 4 << 20;
    private static final int MAX_LABEL_BYTES = 255;

    @Option(names = "--plain", description = "Do not encrypt: whoever reads the storage reads the files.")
    private boolean plain;

    @Option(
            names = "--compress",
            paramLabel = "ALGORITHM[-LEVEL]",
            defaultValue = "zstd-3",
            description = "zstd-1 to zstd-22, lzma-0 to -9, bzip2-1 to -9, zlib-1 to -9, lz4, or none"
                    + " (default: ${DEFAULT-VALUE}).")
    private String compression;

    @Option(
            names = "--chunk-size",
            paramLabel = "AVG",
            defaultValue = "256K",
            description =
                    "Average size of the pieces that files are cut into, a power of two from 16K to 4M; smaller finds"
                            + " more that is equal and costs more memory (default: ${DEFAULT-VALUE}).")
    private String chunkSize;

    @Option(names = "--label", paramLabel = "L", defaultValue = "", description = "A name for people.")
    private String label;

    boolean isPlain() {
        return plain;
    }

    /** Checks all options, without a secret yet. */
    MkfsOptions options(StorageUrl storage, CredentialsSource credentials, Optional<Passphrase> passphrase)
            throws CairnException {
        if (label.getBytes(StandardCharsets.UTF_8).length > MAX_LABEL_BYTES) {
            throw new CairnException(
                    ExitCode.USAGE, "the label is longer than " + MAX_LABEL_BYTES + " bytes", "choose a shorter one");
        }
        return new MkfsOptions(storage, credentials, passphrase, compression(), chunkBytes(), label);
    }

    private Compression compression() throws CairnException {
        try {
            return Compression.parse(compression);
        } catch (IllegalArgumentException e) {
            throw new CairnException(ExitCode.USAGE, e.getMessage(), "mkfs --help shows what there is", e);
        }
    }

    private int chunkBytes() throws CairnException {
        OptionalLong bytes = Sizes.parseBytes(chunkSize);
        if (bytes.isEmpty()
                || bytes.getAsLong() < LEAST_CHUNK
                || bytes.getAsLong() > MOST_CHUNK
                || Long.bitCount(bytes.getAsLong()) != 1) {
            throw new CairnException(
                    ExitCode.USAGE, "no chunk size '" + chunkSize + "'", "want a power of two from 16K to 4M");
        }
        return (int) bytes.getAsLong();
    }
}
