package org.cairnfs.core.shipping;

import java.io.IOException;
import java.util.Optional;
import java.util.OptionalLong;
import org.cairnfs.core.bucket.Bucket;
import org.cairnfs.core.bucket.BucketLayout;
import org.cairnfs.core.bucket.ChainEnd;
import org.cairnfs.core.bucket.Link;
import org.cairnfs.core.bucket.Logs;
import org.cairnfs.core.objectstore.CorruptObjectException;
import org.cairnfs.core.objectstore.ObjectMissingException;

/** Looks whether the chain in a bucket passes through a link that somebody remembers. */
public final class ChainSearch {
    private ChainSearch() {}

    /** What was found. */
    public enum Found {
        /** The chain passes through it. */
        THERE,
        /** It does not: the bucket was rolled back behind it, or is another one. */
        NOT_THERE,
        /** Objects that old are not kept any more, or are lost. */
        OUT_OF_REACH
    }

    /**
     * Follows the chain from its end back to a link, fetching each object on the way.
     *
     * @param height of the object that the link is of, if it is known
     */
    public static Found find(Bucket bucket, Link link, OptionalLong height) throws IOException {
        try (ChainWalk walk = ChainWalk.of(bucket)) {
            while (true) {
                try {
                    walk.previous();
                } catch (CorruptObjectException e) {
                    if (walk.at().isEmpty()) {
                        throw e; // the end of the chain itself
                    }
                    return Found.OUT_OF_REACH;
                }
                Optional<ChainEnd> at = walk.at();
                if (at.isEmpty()) {
                    return Found.NOT_THERE;
                }
                if (at.get().link().equals(link)) {
                    return Found.THERE;
                }
                if (at.get().height() <= height.orElse(0)) {
                    return Found.NOT_THERE;
                }
            }
        }
    }

    /**
     * Whether an object of the chain, or one that was put too late and is beside it, is still in the bucket; one request.
     *
     * @throws CorruptObjectException if it is there, and damaged
     */
    public static boolean isKept(Bucket bucket, ChainEnd object) throws IOException {
        String key = object.objectKey();
        OptionalLong root = BucketLayout.rootSequence(key);
        Optional<Logs.Position> log = Logs.position(key);
        try {
            Link link = root.isPresent()
                    ? bucket.roots().link(bucket.roots().read(root.getAsLong()))
                    : bucket.logs().link(bucket.logs().read(log.orElseThrow()));
            return link.equals(object.link());
        } catch (ObjectMissingException e) {
            return false;
        }
    }
}
