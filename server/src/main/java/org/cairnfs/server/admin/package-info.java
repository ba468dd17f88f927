/**
 * How {@code cairn} commands speak to a running server: a Unix domain socket in its state directory, lines of JSON in both
 * directions, and a registry of what runs. Knows no command; the composition registers handlers by name.
 *
 * <p>The protocol, version 1. The client sends one object a line, at most 64 KiB:
 *
 * <pre>{"cairn":1,"op":"flush","args":{}}</pre>
 *
 * <p>The server answers each, in order, with any number of progress lines and then one result or one error:
 *
 * <pre>
 * {"cairn":1,"progress":{"phase":"uploading","done":17,"total":230,"unit":"BYTES"}}
 * {"cairn":1,"result":{...}}
 * {"cairn":1,"error":{"exit":29,"message":"...","advice":"..."}}
 * </pre>
 *
 * <p>{@code exit} is an {@link org.cairnfs.server.ExitCode} number. Unknown members are to be ignored; members are added within a
 * version, and a change of meaning raises it. What cannot be understood is answered with an error, and the connection closed.
 */
package org.cairnfs.server.admin;
