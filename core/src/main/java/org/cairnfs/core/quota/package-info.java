/** What trees may hold: limits, the rule that everything asks that grows, and the work that lets a tree count for its root. */
package org.cairnfs.core.quota;
