/** What the server tells systemd about itself. */
package org.cairnfs.server.systemd;
