// Package linkage is what passes between offices: notices (通报) down, with
// receipts and self-check reports coming back, and matters (提请统筹) up, with
// answers coming back.
//
// A notice belongs to its issuer; each recipient's part is a delivery, a row that
// issuer and recipient share. A matter is one row that its raiser shares with
// whoever holds it. Each party writes its own columns and no others: the database
// sees to it (sec.sides), so no code here asks which office it works for. Nothing
// is ever copied, and so nothing can differ.
package linkage
