/** What Cairn takes of the processor and of a store: commands, run by {@code scripts/figures}. */
package org.cairnfs.core.figures;
