/** Long operations that go on in the background in small steps, and after a restart from where they were. */
package org.cairnfs.core.work;
