/** Packs: immutable objects of many sealed chunks, with an index at the end. */
package org.cairnfs.core.data.pack;
