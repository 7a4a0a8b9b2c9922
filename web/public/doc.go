// Package public serves what citizens read: the pages of the province, its
// cities and counties, and each published 通报 under an address that stays.
//
// The pages need no script, set no cookie and ask nothing of a third party. They
// are read as the database's public login, which has no right on anything that
// was not published. What was approved is sent byte for byte: the article of a
// page is the approved rendering, and this package puts only the frame around it
// (where the reader is, when it was published, what was corrected).
//
// What was rendered is kept in the process. It is served while nothing has changed,
// which is looked for twice a second, and while the database is away.
package public
