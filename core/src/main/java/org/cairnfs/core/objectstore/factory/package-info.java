/** Opens the store that a URL names: knows all implementations of the port, which know nothing of each other. */
package org.cairnfs.core.objectstore.factory;
