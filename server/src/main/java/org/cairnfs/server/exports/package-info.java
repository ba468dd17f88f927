/**
 * Who may mount what, and as whom: the exports file in the syntax of exports(5), the table made of it, and the one place
 * where user and group numbers are squashed.
 */
package org.cairnfs.server.exports;
