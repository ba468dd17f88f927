package org.cairnfs.server.nfs.export;

import com.google.common.cache.CacheBuilder;
import com.google.common.cache.CacheLoader;
import com.google.common.cache.LoadingCache;
import com.google.common.primitives.ImmutableIntArray;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.cairnfs.core.fs.Credentials;
import org.cairnfs.server.nfs.rpc.gss.HostPrincipals;

/**
 * Puts the groups that this host knows of a user in the place of those that the client tells, of which AUTH_SYS has room for sixteen
 * (RFC 5531 appendix A). A user whom the host does not know has no more than the primary group that the client tells.
 *
 * <p>Answers are kept for {@link #KEPT}, so that is how long a change of groups may take. Safe for use by any number of threads.
 */
public final class HostGroups implements UnaryOperator<Credentials> {
    private static final Duration KEPT = Duration.ofMinutes(10);
    private static final int MAX_KEPT = 10_000;

    private final LoadingCache<Integer, ImmutableIntArray> groups;

    /** @param users found by {@code +} and the number, as id(1) takes it: never a user whose name is made of digits */
    public HostGroups(HostPrincipals.Users users) {
        this.groups = CacheBuilder.newBuilder()
                .maximumSize(MAX_KEPT)
                .expireAfterWrite(KEPT)
                .build(CacheLoader.from(uid -> of(users.find("+" + Integer.toUnsignedString(uid)))));
    }

    private static ImmutableIntArray of(Optional<Credentials> user) {
        return user.map(known -> ImmutableIntArray.builder(known.groups().length() + 1)
                        .add(known.gid())
                        .addAll(known.groups())
                        .build())
                .orElse(ImmutableIntArray.of());
    }

    @Override
    public Credentials apply(Credentials told) {
        return new Credentials(told.uid(), told.gid(), groups.getUnchecked(told.uid()));
    }
}
