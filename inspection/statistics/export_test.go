package statistics

// Percent is percent, for tests.
var Percent = percent
