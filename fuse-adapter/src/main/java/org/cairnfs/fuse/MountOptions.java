package org.cairnfs.fuse;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How a file system is mounted; {@code docs/fuse.md} says what each costs.
 *
 * @param directory to mount on: there, empty, absolute
 * @param source what mount(8) shows as the device
 * @param allowOther whether others than the user who mounts may use it
 * @param readOnly whether nothing may be changed through it
 * @param attributeTimeout for how long the kernel believes attributes, and the pages of open files, without asking; so long a change by NFS may take to
 *     be seen
 * @param entryTimeout for how long the kernel believes that a name leads where it did
 * @param threads that serve the kernel, 1 to 64
 */
public record MountOptions(
        Path directory,
        String source,
        boolean allowOther,
        boolean readOnly,
        Duration attributeTimeout,
        Duration entryTimeout,
        int threads) {
    /** Seconds for which the kernel believes what it was told, unless somebody chooses otherwise. */
    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(1);

    public static final int DEFAULT_THREADS = 8;

    /** The usual ones. */
    public static MountOptions of(Path directory, String source) {
        return new MountOptions(directory, source, false, false, DEFAULT_TIMEOUT, DEFAULT_TIMEOUT, DEFAULT_THREADS);
    }

    public MountOptions withAllowOther(boolean allow) {
        return new MountOptions(directory, source, allow, readOnly, attributeTimeout, entryTimeout, threads);
    }

    public MountOptions withReadOnly(boolean only) {
        return new MountOptions(directory, source, allowOther, only, attributeTimeout, entryTimeout, threads);
    }

    public MountOptions withTimeouts(Duration attributes, Duration entries) {
        return new MountOptions(directory, source, allowOther, readOnly, attributes, entries, threads);
    }

    /**
     * As libfuse takes them after {@code -o}. With {@code default_permissions} the kernel checks permissions itself, by the attributes that it was told: it looks
     * up names in its cache, without asking anybody.
     */
    String text() {
        StringBuilder text = new StringBuilder("subtype=cairn,default_permissions,nonempty,fsname=");
        // Commas and backslashes end or escape an option.
        text.append(source.replace("\\", "\\\\").replace(",", "\\,"));
        if (allowOther) {
            text.append(",allow_other");
        }
        if (readOnly) {
            text.append(",ro");
        }
        return text.toString();
    }
}
