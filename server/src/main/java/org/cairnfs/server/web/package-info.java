/** What a browser or Prometheus on this machine may see of a server. */
package org.cairnfs.server.web;
