// Package inspection holds the words that every room shares: identifiers, kinds
// of failure, days and working days, and the clock.
//
// It imports nothing of ours and nothing in it touches a database, so any room
// may use it. Terms follow the field's own (问题 finding, 整改 rectification,
// 巡察对象 unit, 轮次 round); one word stands for one thing.
package inspection
