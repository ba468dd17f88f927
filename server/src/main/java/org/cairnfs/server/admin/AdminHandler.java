package org.cairnfs.server.admin;

import com.fasterxml.jackson.databind.JsonNode;
import org.cairnfs.server.CairnException;
import org.cairnfs.server.Progress;

/** Does one operation of the admin channel. Called by several threads at a time. */
@FunctionalInterface
public interface AdminHandler {
    /**
     * @param arguments an object; checked by the handler
     * @param progress may be called as often as it likes
     * @return anything that Jackson can write; becomes the result
     */
    Object handle(JsonNode arguments, Progress progress) throws CairnException;

    /** One whose answer may be large: what it tells comes in parts before the result, and is never in memory as a whole. */
    @FunctionalInterface
    interface InParts extends AdminHandler {
        /**
         * Does it.
         *
         * @param parts takes each part
         */
        Object handle(JsonNode arguments, Progress progress, Parts parts) throws CairnException;

        /** For who wants the result only. */
        @Override
        default Object handle(JsonNode arguments, Progress progress) throws CairnException {
            return handle(arguments, progress, part -> {});
        }
    }

    /** Takes the parts of an answer, in order, at the speed of who asked. */
    @FunctionalInterface
    interface Parts {
        /**
         * Waits while several are on the way.
         *
         * @param part anything that Jackson can write
         * @throws CairnException INTERRUPTED when nobody listens any more
         */
        void put(Object part) throws CairnException;
    }
}
