/**
 * What an operator chooses: storage URL, secrets, the configuration file, the state directory, where logs go. Parsed
 * strictly: an unknown key or a value out of range is an error that names line and column, never a guess.
 */
package org.cairnfs.server.config;
