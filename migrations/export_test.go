package migrations

// Provider lets the tests go back, which the product never does by itself.
var Provider = provider
