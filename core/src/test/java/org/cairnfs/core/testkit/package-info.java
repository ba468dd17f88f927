/** What tests of every module stand on: fakes that keep their contracts, models, generators, crashes. */
package org.cairnfs.core.testkit;
