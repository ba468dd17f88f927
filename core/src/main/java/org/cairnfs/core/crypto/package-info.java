/**
 * Keys and seals: the key ring and the secrets that open it, key derivation, and the sealing of objects and of journal
 * records. {@code docs/format.md} has the layouts byte by byte. Knows no store and no meaning of what it seals.
 */
package org.cairnfs.core.crypto;
