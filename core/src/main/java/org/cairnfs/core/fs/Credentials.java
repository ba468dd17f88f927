package org.cairnfs.core.fs;

import com.google.common.primitives.ImmutableIntArray;

/**
 * Who asks: user, group and supplementary groups, as numbers.
 *
 * @param uid unsigned 32-bit user id; 0 is the super-user
 * @param gid unsigned 32-bit primary group id
 * @param groups supplementary group ids
 */
public record Credentials(int uid, int gid, ImmutableIntArray groups) {
    /** The super-user. */
    public static final Credentials ROOT = new Credentials(0, 0, ImmutableIntArray.of());

    public static Credentials of(int uid, int gid, int... groups) {
        return new Credentials(uid, gid, ImmutableIntArray.copyOf(groups));
    }

    public boolean isSuperUser() {
        return uid == 0;
    }

    /** Whether {@code group} is the primary or one of the supplementary groups. */
    public boolean isInGroup(int group) {
        return gid == group || groups.contains(group);
    }
}
