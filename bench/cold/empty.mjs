// Node itself: what every JavaScript contender's start contains.
console.log("[]");
