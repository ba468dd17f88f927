/** The login to an object store: from a file, from the environment, or from a command; never from arguments, never in logs. */
package org.cairnfs.core.objectstore.credentials;
