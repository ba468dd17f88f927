/** What clients do: how often and how long, and each single operation for who wants to watch. */
package org.cairnfs.server.activity;
