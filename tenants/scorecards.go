package tenants

import _ "embed" // the shipped cards

//go:embed defaults/scorecards.json
var shippedCards []byte

// ShippedCards returns the score cards that every office has until it, or an office
// above it, publishes one of its own: JSON of a list, read by
// rectification/evaluations.
func ShippedCards() []byte { return shippedCards }
