package org.cairnfs.core.volume;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Properties;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.shipping.ChainSearch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The newest link of the chain that this state directory knows to be in the bucket: by it a server notices, when it starts, that the whole
 * bucket was put back to how it was earlier.
 *
 * <p>Invariant: it is of a barrier that counted, so whoever took the bucket since went on behind it. It is written over after
 * each barrier and not synced: after a power loss an older one serves as well, or none. Not thread-safe.
 */
public final class RememberedLink {
    private static final Logger LOG = LoggerFactory.getLogger(RememberedLink.class);
    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final String FILE = "newest-link";
    private static final String HEIGHT = "height";
    private static final String LINK = "link";

    private final Path file;

    RememberedLink(Path stateDirectory) {
        this.file = stateDirectory.resolve(FILE);
    }

    void remember(ChainEnd end) {
        Path fresh = file.resolveSibling(FILE + ".new");
        try {
            Files.deleteIfExists(fresh);
            Files.createFile(fresh, PRIVATE);
            Files.writeString(fresh, HEIGHT + "=" + end.height() + "\n" + LINK + "=" + end.link() + "\n");
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            LOG.warn("the newest link is not remembered in {}: {}", file, e.toString());
        }
    }

    /**
     * Checks that the bucket goes on from there.
     *
     * @param now where its chain ends
     * @throws VolumeException of kind ROLLED_BACK if it does not
     */
    void check(Bucket bucket, ChainEnd now) throws IOException, VolumeException {
        Optional<ChainEnd> known = read();
        if (known.isEmpty() || known.get().link().equals(now.link())) {
            return;
        }
        ChainSearch.Found found = known.get().height() > now.height()
                ? ChainSearch.Found.NOT_THERE
                : ChainSearch.find(
                        bucket, known.get().link(), OptionalLong.of(known.get().height()));
        switch (found) {
            case THERE -> LOG.debug("the chain goes on behind the newest link that is known here");
            case OUT_OF_REACH ->
                LOG.info(
                        "the newest link that is known here is older than what {} keeps",
                        bucket.store().describe());
            case NOT_THERE ->
                throw new VolumeException(
                        VolumeException.Kind.ROLLED_BACK,
                        bucket.store().describe() + " was rolled back: this server has seen object "
                                + known.get().height() + " of its chain, link "
                                + known.get().link() + ", and now it ends at "
                                + now.height() + ", link " + now.link()
                                + "; if that was done on purpose, remove " + file);
        }
    }

    /** Checks that a bucket passes through a link that a person insists on. */
    public static void insist(Bucket bucket, Link link) throws IOException, VolumeException {
        if (ChainSearch.find(bucket, link, OptionalLong.empty()) != ChainSearch.Found.THERE) {
            throw new VolumeException(
                    VolumeException.Kind.ROLLED_BACK,
                    "link " + link + " is not in the chain of " + bucket.store().describe()
                            + ": it was rolled back to before that, or the link is older than what is kept, or of another"
                            + " file system");
        }
    }

    private Optional<ChainEnd> read() throws IOException {
        try {
            Properties properties = new Properties();
            properties.load(new StringReader(Files.readString(file)));
            return Optional.of(new ChainEnd(
                    Long.parseLong(properties.getProperty(HEIGHT, "")),
                    Link.parse(properties.getProperty(LINK, "")),
                    ""));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            LOG.warn("{} cannot be read ({}): whether the bucket was rolled back is not checked", file, e.getMessage());
            return Optional.empty();
        }
    }
}
