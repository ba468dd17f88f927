package org.cairnfs.server.nfs.rpc.gss;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.primitives.ImmutableIntArray;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.cairnfs.core.fs.Credentials;

/**
 * Principals of given realms as the users of this host.
 *
 * <p>{@code user@REALM} is the user of that name, with all of its groups. A machine ({@code host/}, {@code nfs/} or {@code root/} with a host
 * name) is root, whom the exports squash as they squash any root. Everybody else is nobody: other realms, other services, users whom
 * this host does not know, and machines of Active Directory ({@code HOST$}), which users may make there by themselves.
 *
 * <p>Answers are kept for {@link #KEPT}, so that is how long a change of groups may take. Safe for use by any number of threads.
 */
public final class HostPrincipals implements Principals {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int MAX_KEPT = 10_000;

    private static final Set<String> MACHINES = Set.of("host", "nfs", "root");

    /**
     * Name, host if any, and realm; anything that would have to be escaped (RFC 1964 section 2.1.1) is nobody. A name does not begin with a
     * digit: the host might take it for a number of a user.
     */
    private static final Pattern PRINCIPAL = Pattern.compile(
            "([A-Za-z_][A-Za-z0-9_.-]{0,63})(?:/([A-Za-z0-9_.-]{1,255}))?@([^@/\\\\\\p{Cntrl}]{1,255})");

    private final Set<String> realms;
    private final LoadingCache<String, Optional<Credentials>> users;

    /** Finds the users of a host. */
    @FunctionalInterface
    public interface Users {
        /** A user with all of its groups, if the host knows the name. */
        Optional<Credentials> find(String name);
    }

    /** @param realms whose users are those of this host */
    public HostPrincipals(Set<String> realms, Users users) {
        this.realms = Set.copyOf(realms);
        this.users = CacheBuilder.newBuilder()
                .maximumSize(MAX_KEPT)
                .expireAfterWrite(KEPT)
                .build(CacheLoader.from(users::find));
    }

    @Override
    public Optional<Credentials> find(String principal) {
        Matcher parts = PRINCIPAL.matcher(principal);
        if (!parts.matches() || !realms.contains(parts.group(3))) {
            return Optional.empty();
        }
        String name = parts.group(1);
        if (parts.group(2) != null) {
            return MACHINES.contains(name) ? Optional.of(Credentials.ROOT) : Optional.empty();
        }
        return users.getUnchecked(name);
    }

    /** A user by the numbers that {@code id -u} and {@code id -G} print; empty if they are none. */
    static Optional<Credentials> parse(String uid, String groups) {
        try {
            int[] gids = Pattern.compile(" ")
                    .splitAsStream(groups.strip())
                    .mapToInt(Integer::parseUnsignedInt)
                    .toArray();
            return Optional.of(new Credentials(
                    Integer.parseUnsignedInt(uid.strip()),
                    gids[0],
                    ImmutableIntArray.copyOf(gids).subArray(1, gids.length)));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
