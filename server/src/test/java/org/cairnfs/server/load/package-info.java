/** A load generator for servers of NFSv4.1, in user space: {@code scripts/bench} runs it against Cairn and against others. */
package org.cairnfs.server.load;
