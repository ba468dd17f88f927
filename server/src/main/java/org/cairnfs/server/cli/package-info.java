/**
 * The {@code cairn} command: options, prompts, output, exit codes. What a command does is done by the server (through the admin
 * channel) or by the composition; here it is asked for and shown.
 */
package org.cairnfs.server.cli;
