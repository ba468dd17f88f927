package org.cairnfs.server.exports;

import com.google.common.primitives.ImmutableIntArray;
import org.cairnfs.core.fs.Credentials;

/**
 * One path for one kind of client, and how that client is served.
 *
 * @param path absolute and normal: "/" or "/a/b"
 * @param readOnly whether every change is refused with EROFS
 * @param sync whether namespace operations are answered after the journal's sync; with async, after the write to it
 * @param anonymousUid unsigned; of squashed users
 * @param anonymousGid unsigned; of squashed groups
 * @param secure whether the client's source port must be below 1024
 * @param security how the client must authenticate its users and protect its connection
 */
public record Export(
        String path,
        ClientPattern client,
        boolean readOnly,
        boolean sync,
        Squash squash,
        int anonymousUid,
        int anonymousGid,
        boolean secure,
        ExportSecurity security) {
    /** "nobody" and "nogroup", as exports(5) has them. */
    public static final int NOBODY = 65_534;

    /** The first port that any user of a host may take. */
    static final int FIRST_UNRESERVED_PORT = 1024;

    /** The same, but that every change is refused. */
    Export asReadOnly() {
        return new Export(path, client, true, sync, squash, anonymousUid, anonymousGid, secure, security);
    }

    /** Whether a path (absolute, normal) is this export's path or below it. */
    public boolean covers(String wanted) {
        return path.equals("/")
                || wanted.equals(path)
                || (wanted.startsWith(path) && wanted.charAt(path.length()) == '/');
    }

    /**
     * Whom the file system takes a caller for: the one place where numbers of the wire become credentials.
     *
     * @param uid as the client says (AUTH_SYS)
     * @param gid primary group
     * @param groups supplementary groups
     */
    public Credentials squash(int uid, int gid, ImmutableIntArray groups) {
        return switch (squash) {
            case NONE -> new Credentials(uid, gid, groups);
            case ROOT -> new Credentials(uid == 0 ? anonymousUid : uid, squashGroup(gid), squashGroups(groups));
            case ALL -> anonymous();
        };
    }

    /** Whom the file system takes a caller without numbers (AUTH_NONE) for. */
    public Credentials anonymous() {
        return Credentials.of(anonymousUid, anonymousGid);
    }

    private int squashGroup(int gid) {
        return gid == 0 ? anonymousGid : gid;
    }

    private ImmutableIntArray squashGroups(ImmutableIntArray groups) {
        if (!groups.contains(0)) {
            return groups;
        }
        return ImmutableIntArray.copyOf(groups.stream().map(this::squashGroup));
    }

    /** In the syntax of the exports file, with every option spelled out; the path escaped where it must be. */
    @Override
    public String toString() {
        return ExportsScanner.escape(path) + " " + client + "("
                + (readOnly ? "ro" : "rw")
                + (sync ? ",sync" : ",async")
                + switch (squash) {
                    case NONE -> ",no_root_squash";
                    case ROOT -> ",root_squash";
                    case ALL -> ",all_squash";
                }
                + ",anonuid=" + Integer.toUnsignedString(anonymousUid)
                + ",anongid=" + Integer.toUnsignedString(anonymousGid)
                + "," + security
                + (secure ? ",secure)" : ",insecure)");
    }
}
