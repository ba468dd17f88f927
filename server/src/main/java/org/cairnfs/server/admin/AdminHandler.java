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
}
