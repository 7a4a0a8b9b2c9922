// Package listings puts matters on an office's board (挂牌督办): an item of an office
// directly below, or a matter there that is no item, with the leader who answers for
// it, a day, and the conditions under which it comes off again. The office that put it
// there takes it off, with a reason, and nobody else. The office below reads the one
// row, on the item's page and in its list; units and other offices do not.
//
// The mark, its number and its leader: HANDBOOK §5.3, Reminder ladder (挂牌督办).
package listings
