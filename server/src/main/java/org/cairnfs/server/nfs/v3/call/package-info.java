/**
 * How a call of NFSv3 is answered: decoded, looked up among the answers that were given already, carried out, made stable if it
 * must be, encoded. The procedures themselves are in {@code proc}.
 */
package org.cairnfs.server.nfs.v3.call;
