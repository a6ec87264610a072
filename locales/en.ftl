# Every sentence that anklebot says, in English.
#
# `command` becomes a command to type. A placeable never needs quoting: names, numbers and
# commands are put in after the sentence is made. Experience decides the tone: short, warm, honest.

## Numbers

reach-cm = { $cm } cm
reach-inches = { $inches } in ({ $cm } cm)
side = { $side ->
    [left] Left
   *[right] Right
}

## The answer to a knee-to-wall test

lunge-one = { $reach } · about { $degrees } ({ $rule ->
    [low] the rule reads low here
    [high] the rule reads too high at this length
   *[plain] 3.6° per cm
})
lunge-leg = { side } { $reach } ≈ { $degrees }
lunge-rule-high = The rule reads too high at this length.

band-one = { $band ->
    [short] Short reach. The article's 10–15° is about walking and this rule reads low here, so take it as worth working on, not as a verdict. Check heel, big toe, units; retest.
    [limited] A short reach, well under most active adults.
    [shorter] On the shorter side, still common.
    [middle] In the middle range (about half of healthy adults: 9–13 cm).
    [long] Plenty of range. More is not the goal; keep strength and control.
   *[unlikely] Unusually long. Heel down? From the big toe? Centimetres? It counts once you confirm it, or a second test agrees.
}
band-middle-near = In the middle range for healthy adults, { $near ->
    [on] right on its lower line
    [on-side] just on its lower line
    [lower] close to its lower line
   *[upper] close to its upper line
}: one test can't tell.
band-both = { $band ->
    [short] Both short. The article's 10–15° is about walking and this rule reads low here, so take it as worth working on, not as a verdict. Check heel, big toe, units; retest.
    [limited] Both well under most active adults.
    [shorter] Both on the shorter side, still common.
    [middle] Both in the middle range.
    [long] Plenty of range on both sides. More is not the goal; keep strength and control.
   *[unlikely] Both unusually long. Heels down? From the big toe? Centimetres? They count once you confirm them, or a second test agrees.
}
band-leg = { side }: { $band ->
    [short] short, worth working on
    [limited] well under most active adults
    [shorter] on the shorter side, still common
    [middle] in the middle range
    [long] plenty of range
   *[unlikely] unusually long, so please check and confirm
}.
band-physio = If it repeats, or followed an injury, have a physio look.
near-line = Close to the line: the measurement error is bigger than that gap.

odd-very-short = Toes almost at the wall?
odd-jump = More than 5 cm from your last test: same leg, same set-up?
odd-shaky = Your tries differ by { $spread } cm: worth redoing.

baseline = Saved as your baseline. Retest in 14 days.
baseline-leg = { side }: saved as your baseline.
baseline-other-state = First { $state ->
    [warm] warm
   *[cold] cold
} test: saved as its own baseline. Only like is compared with like.
same-day-leg = { side }: second test of the day, so no verdict.
same-day = Second test of the day: that shows the warm-up, not progress.

change-leg = { side }: { change }.
change-one = { change-start }.
change-both = { $verdict ->
    [real-gain] Left { $left }, right { $right } cm: likely real gains (more than the usual 1.9 cm error).
    [maybe-gain] Left { $left }, right { $right } cm: leaning up, but still inside measurement error.
    [maybe-drop] Left { $left }, right { $right } cm: leaning down, inside measurement error. Retest in a day or two, same conditions.
    [real-drop] Both lower than last time ({ $left }, { $right }).
   *[steady] Both steady.
}
change = { $verdict ->
    [real-gain] { $delta } cm{ since }, likely a real gain (more than the usual 1.9 cm error)
    [maybe-gain] { $delta } cm{ since }, leaning up, but still inside measurement error
    [maybe-drop] { $delta } cm{ since }, leaning down, inside measurement error. Retest in a day or two, same conditions
    [real-drop] lower than { last-time } ({ $delta })
   *[steady] steady{ since }
}
since = { $since ->
    [none] { "" }
   *[day] {" "}since { $day }
}
last-time = { $since ->
    [none] last time
   *[day] on { $day }
}
change-start = { $verdict ->
    [real-drop] Lower than { last-time } ({ $delta })
    [steady] Steady{ since }
   *[other] { change }
}
change-drop-advice = Often it is the set-up or a stiff morning. Repeat tomorrow the same way.
change-drop-again = Lower for two tests in a row: please see a clinician.
change-steady-normal = That is normal: this takes weeks.
change-fast = This fast is often technique or effort: confirm next time.
change-since-baseline = { $delta } cm since your baseline: likely a real gain.
change-leg-since-baseline = { side }: { $delta } cm since your baseline, likely a real gain.

gap = { $size ->
    [even] No side difference you could measure.
    [small] Side gap { $gap } cm: small and common.
    [noticeable] { side } is { $gap } cm shorter: take it as a hint. Retest, then give that side one extra round.
   *[large] { side } is { $gap } cm shorter: a large difference. If it repeats, or the ankle was injured before, see a physio.
}
gap-long = { side } is { $gap } cm shorter. About a third of healthy people differ by more than 1.5 cm, so treat it as a hint: retest, then give the shorter side one extra round.
gap-moved = The gap moved by { $moved } cm since last time.

advice = { $band ->
    [first] Before runs: 10 ankle circles each way.
    [minimum] No bounds until it is checked.
    [short] Daily: calf stretch and calf raises. Before runs: circles.
    [limited] Daily: calf stretch (up to three times) and calf raises. Before runs: circles.
    [shorter] Daily: calf stretch and calf raises. Before runs: circles, then bounds.
    [middle] Before runs: circles, then bounds. Stretch if you like.
   *[long] Before runs: bounds. Calf raises for strength; no extra stretching.
}
age-60 = Range falls with age, so compare with yourself first.
age-under-18 = Under 18: test with an adult present.

hurts = Thanks for saying so. Your number is saved. Please stop testing, and see a clinician before you test again.

hurts-lately = You told me of pain. Your number is saved. Please stop testing, and see a clinician before you test again.

ask-side = Which leg was it?
ask-inches = That is a short reach. Did you mean { $inches } inches ({ $cm } cm)?
ask-inches-plain = Did you mean { $inches } inches ({ $cm } cm)?
ask-inches-two = Did you mean inches: { $left } and { $right } cm?

share = { $name } logged a knee-to-wall test: { $legs }. Try yours: `/ankle test`
shared-before = Shared already.
aside-saved = Saved: { $legs }.

## More about a test

more-title = Your test of { $day }
more-rule = Degrees go by the article's rule, 3.6° per cm. It is good near 8–11 cm, reads too low below 6 and too high above 14.
more-clinics = Many clinics aim for 10 cm.
more-middle = The middle range is 9–13 cm: about half of healthy adults.
more-error = A change under 1.9 cm can be measurement error, and testing yourself is noisier than that.
more-protocol = Same way each time: barefoot, heel down, big toe to the wall, same time of day, cold.

## Buttons

button-left = Left
button-right = Right
button-both = Both
button-undo = Undo
button-answer = Answer
button-restore = Put it back
button-more = More
button-my-rank = My rank
button-my-days = My days
button-join = Join
button-join-one = Join #{ $id }
button-leave = Leave
button-ready = { $what } · { $days }d
button-start = Start another
button-show-name = Show my name
button-keep-private = Keep it private
button-done = ✓ { $what }
button-done-all = { $count ->
    [2] ✓ Both
   *[other] ✓ All
}
button-share = Share
button-confirm = It's right
button-inches = Yes, inches
button-centimetres = No, cm
button-pair = Left { $left }, right { $right }
button-tries = { $side ->
    [left] Two tries, left
   *[right] Two tries, right
}
button-take = { $value }, please
button-older = Older
button-forget = Delete everything
button-keep = Keep it

## Undo, edit, history

undone = Taken back: { $what }.
undone-before = Already taken back: { $what }.
restored = Back again: { $what }.
confirmed = Confirmed: { $what }. It counts now.
nothing-to-undo = There is nothing to take back. Log a test: `/ankle test 9cm`
entry = { $side ->
    [left] Left { $cm }
    [right] Right { $cm }
   *[unknown] { $cm }
} cm, { $day } (#{ $id })
history-title = Your knee-to-wall tests in cm, newest first
history-row = { $day } · { $legs }{ $state ->
    [warm] {" "}· warm
   *[cold] { "" }
} · { $ids }
history-leg = { $side ->
    [left] L
    [right] R
   *[unknown] ?
} { $cm }{ $standing ->
    [unconfirmed] {" "}(unconfirmed)
   *[live] { "" }
}
history-trend = Since { $day }: { $legs } cm. Under 1.9 cm is measurement error.
history-empty = No tests yet. It takes two minutes: `/ankle test 9cm`
history-end = Nothing older than that.
edit-same = That is what it says already: { $what }.

## Check-ins

exercise-short = { $exercise ->
    [ankle-circles] circles
    [calf-raise] raises
    [calf-stretch] stretch
    [bound] bounds
   *[foam-roll] foam roll
}
list-and = { $first } and { $last }
done = ✓ { $what }{ $day ->
    [today] { "" }
   *[other] {" "}for { $date }
}. { $days ->
    [one] { $days } day
   *[other] { $days } days
} { $week ->
    [this] this week
   *[that] that week
}. Slip? `/ankle undo`
done-first = ✓ Done, day 1! The group sees your first name on today's list. Rather not? `/ankle me settings`
done-first-hidden = ✓ Done, day 1! You are counted, not named. Slip? `/ankle undo`
done-again = Already counted { $day ->
    [today] today
   *[other] for { $date }
} ✓{ $sets ->
    [added] {" "}(sets added)
   *[same] { "" }
}
done-waits = { $some ->
    [some] ✓ { $what } counted.
   *[none] Not counted.
} { $waits }: not before { $until }, as you told me of pain on { $since }.
done-noted = ✓ Noted.
check-in = { $what }{ $sets ->
    [0] { "" }
    [one] , { $sets } set
   *[other] , { $sets } sets
}, { $day } (#{ $id })
check-ins-title = Your check-ins, newest first
check-ins-empty = No check-ins here. After the exercise: `/ankle done calf-raise`
paused = Paused: no reminders for you, and your streak waits. Back again: `/ankle me resume`
paused-until = Paused until { $day }, that day included: no reminders for you, and your streak waits. Sooner: `/ankle me resume`
rested = { $day } is frozen: a day of rest breaks no streak, and adds nothing to it.
resumed = Welcome back. Your streak goes on where it was.
club-left = You have left this club's boards, until you press or say something here again. Your entries stay yours.
resumed-nothing = You had no pause. A break? `/ankle me pause until:2026-12-10`
streak-none = No streak yet: four days in a week make a good one. `/ankle done calf-raise`
streak-first-week = Your first week.
streak-new = { $rule ->
    [weeks] New week. { $good ->
        [one] { $good } good week
       *[other] { $good } good weeks
    } so far.
   *[days] New start. { $good ->
        [one] { $good } day
       *[other] { $good } days
    } so far.
}
streak-run = { $rule ->
    [weeks] { $run ->
        [one] { $run } good week in a row
       *[other] { $run } good weeks in a row
    }
   *[days] { $run ->
        [one] { $run } day in a row
       *[other] { $run } days in a row
    }
} · { $good } of all times
streak-week = This week: { $good ->
    [yes] { $days } days, a good one ✓
   *[no] { $days } of { $need } days for a good one
}
streak-rest = You are resting: nothing breaks meanwhile.
streak-rest-until = Rest until { $day }: nothing breaks meanwhile.

## The board

board-title = { $kind ->
    [check-ins] Check-ins
    [streak] Streaks
   *[tests] Days with a test
} · { $kind ->
    [streak] good weeks in a row
   *[other] { $time ->
        [today] { $today }
        [week] Mon to today
        [month] { $first } to today
       *[all] all time
    }
} ({ $zone })
board-total = { $kind ->
    [streak] { $people ->
        [one] { $people } person keeps at it.
       *[other] { $people } people keep at it.
    }
   *[other] { $people ->
        [one] { $people } person
       *[other] { $people } people
    }, { $kind ->
        [check-ins] { $total ->
            [one] { $total } check-in
           *[other] { $total } check-ins
        }
       *[tests] { $total ->
            [one] { $total } test day
           *[other] { $total } test days
        }
    } together.
}
board-unnamed = { $count ->
    [one] somebody
   *[other] { $count } others
}
board-honest = Ranked by showing up, not by centimetres.
board-empty = { $kind ->
    [tests] Nobody yet. Two minutes and a tape: `/ankle test 9cm`
   *[other] Nobody yet. Be the first: `/ankle done calf-raise`
}
rank = You are number { $rank }, of { $people }, with { $kind ->
    [check-ins] { $score ->
        [one] { $score } check-in
       *[other] { $score } check-ins
    }
    [streak] { $score ->
        [one] { $score } good week in a row
       *[other] { $score } good weeks in a row
    }
   *[tests] { $score ->
        [one] { $score } test day
       *[other] { $score } test days
    }
}.
rank-next = { $ahead } more to the next place.
rank-none = { $kind ->
    [tests] Not on this board yet. Two minutes and a tape: `/ankle test 9cm`
   *[other] Not on this board yet. After the exercise: `/ankle done calf-raise`
}

## Challenges

challenge-new = New challenge: { $title }
challenge-results = Results: { $title }
challenge-range = { $days } ({ $zone }), { $state }
challenge-length = { $days ->
    [one] one day
   *[other] { $days } days
}
challenge-day = day { $day } of { $days }
challenge-rests = on a break
challenge-waits = results { $day } at noon
challenge-counts = Counts once a day: { $what }
challenge-bar = { $bar } { $total } of { $goal } days together
challenge-reached = { $bar } { $total } of { $goal } days: goal reached
challenge-people = { $people ->
    [one] 1 person is in.
   *[other] { $people } people are in.
}
challenge-took-part = { $people ->
    [0] Nobody had joined.
    [one] 1 person took part. Thanks for showing up.
   *[other] { $people } people took part. Thanks for showing up.
}
challenge-nobody = Nobody is in yet: press below, or `/ankle challenge join { $id }`
challenges-title = Challenges ({ $zone })
challenges-none = No challenge here yet.
challenges-start = Start one with a press, from Monday on, or your own: `/ankle challenge create "Raise June" for:30d goal:450`
challenge-ended-on = over since { $last }
challenge-score = { $total } of { $goal }
challenge-joined = You're in: { $title }. Days count from { $first } on.
challenge-was-in = You're in already: { $title }.
challenge-left = You're out: { $title }. Your check-ins stay yours.
challenge-not-in = You're not in: { $title }. To join: `/ankle challenge join { $id }`
challenge-was-not-in = You weren't in: { $title }.
challenge-no-day = You're in: { $title }. No day counted yet.
challenge-own = { $title }: { $days ->
    [one] 1 day
   *[other] { $days } days
} of yours. You are number { $rank }, of { $joined }.
challenge-cancelled = Called off: { $title }. What you checked in stays.
challenge-winning = You're about to win "{ $title }". Results come { $time }, and boards don't show you. Show your name?
challenge-named = Good: your first name will stand in the results.
challenge-unnamed = It stays private: you count in the total.
results-not-posted = I couldn't post the results of "{ $title }": { $reason ->
    [topic_closed] its topic is closed
    [no_right] I may not write in its room
    [in_doubt] I got no clear answer, so they may be there or not
   *[gone] its room is gone, or I am no longer in it
}. They are kept: `/ankle challenge show { $id }`
post-challenge-first = { $title }: day { $day } of { $days }, goal { $goal } days together.
post-challenge-half = { $title }: { $when ->
    [past] past half-way
   *[now] half-way
}, { $total } of { $goal } days.
post-challenge-last = { $title }: { $when ->
    [today] last day
   *[later] ends on { $last }
}, { $total } of { $goal } days.
ready-title = { $name ->
    [raises-30] 30 days of calf raises
    [stretch-30] 30 days of calf stretches
    [both-28] Four weeks of stretch and raises
    [warmup-14] Two weeks of warm-ups
   *[roll-14] Two weeks on the foam roller
}
ask-title = What is it called? Reply with `"30 days of calf raises" exercise:calf-raise for:30d goal:450`, or start one with a press.

## Reminders

post-title = Ankle minutes · { $day }
post-late = late
post-test = test
post-dose = { $exercise ->
    [ankle-circles] Ankle circles: up on one foot's toes, 10 circles each way with the other. Both sides
    [calf-raise] Calf raises on a step: up, then 10 slow seconds down, heels below the edge. 3 × 15
    [calf-stretch] Calf stretch: 30 s straight, 30 s bent, each leg. 3 sets
    [bound] Bounds: leap forward, other knee up, land softly, 30 s. 3 sets
   *[foam-roll] Foam roll the calves: 1–3 sets of 30–120 s (from studies)
}
post-skip-raises = New? 1 × 8 is a fine start. Skip them with heel pain or a fresh sprain; sharp pain means stop.
post-skip = Skip it with pain or a fresh sprain; sharp pain means stop.
post-done = Done today: { $people }{ $names }
post-last-week = Last week: { $people ->
    [one] 1 person
   *[other] { $people } people
}, { $count ->
    [one] 1 check-in
   *[other] { $count } check-ins
} together.
post-board = { $time ->
    [today] Today
    [week] This week
    [month] This month
   *[all] All time
}: { $names }
days-daily = daily
reminders-title = Reminders in this room
reminders-of-home = Reminders in your home room
reminders-none = No reminders in this room. `/ankle remind set 07:00 days:mon-fri` sets one.
reminder-keeps = all posts stay
reminder-next = next { $times }
reminder-paused = paused
moment-yours = { $time }, your time
moment-yours-beside = { $time } (your time)
moment-there = { $time } ({ $city })
moment-ago = { $day ->
    [today] today
    [yesterday] yesterday
   *[other] { $date }
} { $time }
reminder-last-sent = last { $time }
reminder-last-waits = one is on its way
reminder-last-not = { $time } { $reason ->
    [no_right] not sent: I may not write
    [topic_closed] not sent: topic closed
    [gone] not sent: I can't reach the room
    [break] left out: break
    [removed] left out: paused
    [rejected] not sent: refused
    [in_doubt] sent or not, I don't know
    [late] not sent: too late
   *[other] not sent: I didn't get through
}
reminder-set = Saved: { $about }
reminder-same = Set already: { $about }
reminder-rests = Paused: { $about }
reminder-goes-on = On again: { $about }
reminder-first = Next: { $time }.
reminder-resume = It rests until you say `/ankle remind resume { $id }`
not-posted = I couldn't post { $known ->
    [both] in { $room } ({ $chat })
    [some] in { $room }
   *[none] a reminder
} { $part ->
    [morning] this morning
    [afternoon] this afternoon
   *[evening] this evening
}: { $reason ->
    [no_right] I may not write there.
    [in_doubt] I got no clear answer, so it may be there or not.
    [topic_closed] its topic is closed.
   *[gone] the room is gone, or I am no longer in it.
}
not-posted-next = It is reminder { $about }. You hear of it this once.
quiet = Nobody pressed { $known ->
    [both] in { $room } ({ $chat }) this week
    [some] in { $room } this week
   *[none] this week
}. Weekly instead?
fixed = Thanks. I may write there again.
fixed-now = Thanks. Today's comes in a moment.
kept-as-is = It stays as it is.
reminder-tested = It comes into the room in a moment, marked as a test.
reminder-removed = Removed: #{ $id }.
reminder-home = It comes in your home room, not here: for that, add `in:here`.

## Settings

me-title = { $name }
me-zone = Zone: { $zone } (now { $time }) · day from { $start }
me-no-zone = Zone: not set, so UTC · day from { $start }
me-club-zone = Zone: { $zone }, the club's (now { $time }) · day from { $start }
me-unit = Unit: { $unit } · language: { $language }
me-age = Age group: { $age } · boards: { $privacy ->
    [hidden] counted, not named
   *[shown] first name shown
}
me-unset = not set
me-tests = { $count ->
    [0] No tests yet
    [one] { $count } test
   *[other] { $count } tests
} · `/ankle export` · `/ankle forget`
me-change = Change: `/ankle me settings zone:Berlin`
me-saved = Saved.
zone-hint = No zone is set, so this counts for { $day } in UTC. `/ankle me settings zone:Berlin` sets yours.

## The club

club-title = What is set for this club
club-zone = Zone: { $zone } (now { $time })
club-no-zone = Zone: not set. Organisers: `/ankle club settings zone:Berlin`
club-language = Language: { $language }
club-followed = { $count ->
    [one] One reminder follows: its hour is { $city } time now.
   *[other] { $count } reminders follow: their hours are { $city } time now.
}
club-change = Change: `/ankle club settings zone:Berlin`
club-home = Home: { $place ->
    [here] this room
    [other] another room of yours
   *[none] none
}
club-reminders = Reminders: { $count ->
    [0] none
   *[other] { $count }
}
club-reminders-next = Reminders: { $count }, next { $time }
club-break = Break: { $days }
club-no-break = Break: none
deputies = Deputies: { $names }
deputies-none = No deputies. Name one: `/ankle club deputy @ana`
deputy-named = { $name } may set up this club now, and hears when something goes wrong. If /ankle-club is hidden in a menu, open it to deputies in the server's settings.
deputy-dropped = { $name } is no deputy any more.
deputy-was-none = { $name } was no deputy.
nudge-title = Your nudge · { $day }
nudge-set = Saved: { $about }
nudge-shown = Your nudge: { $about }
nudge-rests = Not on days when it is done already, nor while you rest. No more: `/ankle nudge off`
nudge-off = Your nudge is off.
nudge-none = You have no nudge. `/ankle nudge 19:00` sets one, for you alone.
nudge-stopped = Your nudge stopped: this chat was closed to me.
home-set = Saved: reminders you set from now on come in { $place ->
    [here] this room
   *[there] that room
}, unless `in:` names another. Those you have stay where they are.
break-saved = Saved: reminders rest, no streak breaks. Take it back: `/ankle club break none`
break-off = Take it back: `/ankle club break none`
break-how = To plan one: `/ankle club break 2026-08-01..2026-08-21`
break-ended = No break any more: reminders come again.
break-nothing = There is no break to take back.
welcome-1 = Hi, I'm anklebot. I log ankle tests, and post one quiet stretch reminder a day if you want it.
welcome-2 = Try: `/ankle test 9cm`
welcome-others = Other bots here? Make me an admin without any rights, or pick `/ankle` from the menu.
welcome-3 = Admins: pick a time zone below. I guessed { $city }.
setup-1 = Only you see this, and only once. Set me up?
setup-2 = Time zone: pick one below. I guessed { $city }; others: `/ankle club settings zone:Berlin`
setup-daily = Daily post: `/ankle remind set 07:00`
setup-3 = Who organises: whoever may manage this server. What works in this room: `/ankle doctor`
doctor-title = How I fare in this room
doctor-zone = The club's zone is set.
doctor-no-zone = The club has no zone, so days go by UTC: `/ankle club settings zone:Berlin`
doctor-write = I may write here.
doctor-no-write = I may not write here: give me the right to send messages.
doctor-write-unseen = I cannot see just now whether I may write here. Ask again in a minute.
doctor-topic-closed = This topic is closed: open it, or say it in another.
doctor-admin = I am an administrator: every command reaches me.
doctor-no-admin = I am no administrator. Other bots here? Make me one, without any rights.
doctor-needs-no-admin = I am no administrator, and need not be one.
doctor-sees-all = Privacy mode is off: every command reaches me. What is not for me I don't read.
doctor-private-mode = Privacy mode is on: a bare /ankle reaches me only if I was the last bot to write. What is picked from the menu always does.
doctor-private-mode-admin = Privacy mode is on, which does not matter for an administrator.
doctor-admin-unseen = I cannot see just now whether every command reaches me. Ask again in a minute.
doctor-see = I see this channel.
doctor-no-see = I don't see this channel: let me view it, or nothing can be posted here.
doctor-send = I may send messages here.
doctor-no-send = I may not send messages here: answers work, posts don't. Give me the right to send messages.
doctor-threads = I may write in threads.
doctor-no-threads = I may not write in threads: give me the right to send messages in threads.
doctor-embeds = I may embed links: that is how my posts look right.
doctor-no-embeds = I may not embed links, so my posts would be empty: give me that right.
doctor-files = I may attach files.
doctor-no-files = I may not attach files, so posts have no pictures: give me that right.
doctor-guest = I am a guest here: somebody brought me along. What I say, only he sees. To take me in, use the link.
doctor-commands-only = Only my commands are here, not I myself, so nothing can be posted. To take me in, use the link.
doctor-private = This is our private chat: everything reaches me.
doctor-invite = Add me to another group
open-private = I can only tell you that privately.
private-not-reached = I couldn't send you that privately just now. Please ask again in a minute.
files-not-sent = I couldn't send you { $files }. Please ask for it again later.
button-check-again = Check again
button-fixed = I fixed it
button-pause = Pause it
button-weekly = Weekly
button-as-is = Keep
button-stop = Stop
button-nudge-again = Nudge me again
button-open-private = Open our private chat

## Export and forget

export-done = { $count ->
    [0] You have no entries yet; here is what I know of you
    [one] One entry, and what else I know of you
   *[other] { $count } entries, and what else I know of you
}: all of it as JSON, the tests as CSV for a spreadsheet too.
forget-ask = This deletes all that I know of you: { $count ->
    [0] no tests
    [one] one test
   *[other] { $count } tests
}, your check-ins, your settings, your name. It can't be undone. `/ankle export` first?
forget-done = Done: everything I knew of you is deleted.
kept = Kept as it is.

## Help

help-title = anklebot: knee-to-wall tests for running groups
help-lines = One line logs a test: `/ankle test 9cm`, or `left 9 right 10.5`
help-slip = A slip? `/ankle undo`. Not a doctor: I log and compare, I never diagnose.
help-more = More about one: `/ankle help test`
help-topic = { $command }: { $what }
help-example = Example: { $example }
help-test-1 = The further your knee gets past your toes with the heel down, the more your ankle bends.
help-test-2 = Barefoot, facing a wall, tape on the floor with zero at the wall. Big toe and heel on the tape, hands on the wall if you like.
help-test-3 = Lunge until the knee touches the wall, knee over the second toe, heel down. Slide back until it only just touches.
help-test-4 = Measure from the tip of the big toe to the wall, three tries a leg. No bouncing, and stop if it hurts.
help-test-5 = Same time of day and cold each time. I turn centimetres into degrees of dorsiflexion (toes towards shin) by a rule of thumb, 3.6° per cm.

## Words for commands and their options

command-root = Ankle tests: log, compare, take back
command-root-club = Ankle tests, for who runs the club
command-test = Log a knee-to-wall test
command-done = Check in: an exercise was done
command-streak = How you keep at it, week by week
command-leaderboard = The club's board
command-history = Your tests or check-ins, newest first
command-undo = Take back your last test or check-in
command-edit = Correct a test
command-me = You: settings and what I know
command-me-show = What is set for you
command-me-settings = Set your zone, unit, language, privacy
command-me-pause = Rest: freeze a day, or pause for longer
command-me-resume = Go on after a pause
command-me-leave = Leave this club's boards
command-club = Your club
command-club-show = What is set for the club
command-club-settings = Set the club's zone and language (organisers)
command-club-home = Let reminders come in this room (organisers)
command-club-break = Give the club a break (organisers)
command-challenge = The club's challenges
command-challenge-list = The challenges that are on
command-challenge-show = A challenge: its bar and each one's days
command-challenge-join = Take part in a challenge
command-challenge-leave = Take part no more
command-challenge-create = Start a challenge for the club
command-challenge-cancel = Call a challenge off
command-club-deputy = Who else may set up the club (organisers)
command-nudge = A reminder for you alone: 19:00, off, show
command-remind = This room's reminders
command-remind-set = Set a daily reminder for this room
command-remind-list = The reminders here, and when they come
command-remind-preview = See a reminder before the room does
command-remind-test = Post a reminder once now, as a test
command-remind-pause = Let a reminder rest
command-remind-resume = Let a reminder go on
command-remind-remove = Remove a reminder
command-doctor = What works in this room, and what to change
command-export = All your data as JSON and CSV
command-forget = Delete all your data
command-help = What I can do

option-test-distance = 9cm, 3.5in, or left 9 right 10.5
option-test-side = Which leg
option-test-state = Cold (unless you say so) or warm
option-test-on = The day: yesterday, mon, 2026-11-24
option-done-exercise = calf-raise, calf-stretch, both …
option-done-sets = How many sets
option-done-on = The day: yesterday, up to two days back
option-done-post = The post it belongs to
option-leaderboard-of = What it counts: check-ins, unless you choose
option-leaderboard-time = The week, unless you choose
option-leaderboard-show = What the buttons ask for
option-challenge-show-challenge = Its number or name
option-challenge-show-show = What the buttons ask for
option-challenge-join-challenge = Its number or name
option-challenge-leave-challenge = Its number or name
option-challenge-cancel-challenge = Its number or name
option-challenge-name-challenge = Its number
option-challenge-name-named = Whether the results may name you
option-challenge-create-title = 30 days of calf raises
option-challenge-create-exercise = What counts; any, unless you choose
option-challenge-create-from = Its first day: mon, 2026-12-01; else today
option-challenge-create-for = How long: 30d, 4w; else 30 days
option-challenge-create-goal = Days of everybody together: 450
option-remind-set-time = 07:00, 7pm, or cron: "0 7 * * 1-5"
option-remind-set-days = mon-fri, "tue,thu", daily
option-remind-set-exercise = Stretch and raises, unless you choose
option-remind-set-zone = A city; the club's, unless you say so
option-remind-set-board = The board below it
option-remind-set-keep = The latest post stays, unless you say all
option-remind-set-in = Another channel of yours
option-club-home-in = Another channel of yours
option-remind-preview-reminder = Its number
option-remind-test-reminder = Its number
option-remind-pause-reminder = Its number
option-remind-pause-until = The last day: fri, 2w, 2026-12-10
option-remind-resume-reminder = Its number
option-remind-remove-reminder = Its number
option-history-of = Tests, unless you say check-ins
option-history-before = Only tests before this day
option-undo-entry = The number of a test or check-in
option-edit-entry = The number of a test
option-edit-change = 9.5cm, left, warm …
option-edit-on = The day it was: yesterday, mon
option-me-settings-zone = A city: Berlin, New York
option-me-settings-unit = What bare numbers are in
option-me-settings-language = The language of private answers
option-me-settings-day-start = When your day begins: 03:00
option-me-settings-age = For notes that go with age
option-me-settings-privacy = Whether boards show your first name
option-me-settings-streak = Weeks of four days, or every day
option-me-pause-until = The last day: fri, 2w, 2026-12-10
option-me-pause-on = One day to freeze: today, yesterday
option-club-settings-zone = A city: Berlin, New York
option-club-settings-language = The language of the club's rooms
option-club-break-days = 2026-08-01..2026-08-21, or none
option-club-deputy-who = @ana, or remove @ana
option-nudge-time = 19:00, off, or show
option-nudge-days = mon-fri, "tue,thu", daily
option-nudge-exercise = Stretch and raises, unless you choose
option-export-format = Both, unless you choose one
option-forget-confirm = Deletes without asking again
option-help-topic = A command

## Questions

ask-distance = How far is your big toe from the wall? Reply with `9cm`, or `left 9 right 10.5`.
ask-exercise = Which exercise? Reply with `calf-raise`, `calf-stretch`, `both`, `ankle-circles`, `bound` or `foam-roll`.
ask-time = At what time? Reply with `07:00`, or `7pm days:mon-fri`.
ask-entry = Which test? Reply with its number from `/ankle history`.
ask-change = What shall it say? Reply with `9.5cm`, `left`, or `warm`.
ask-pair = Two numbers: left and right, or two tries of one leg? Nothing is saved yet.

## What could not be done

cannot-read = I couldn't read "{ $typed }". Try `/ankle test 9cm`, or `left 9 right 10.5`. Nothing was saved.
cannot-read-number = I found no number in that. Try `/ankle test 9cm`, or `left 9 right 10.5`. Nothing was saved.
cannot-tell-leg = I couldn't tell which number is for which leg. Try `/ankle test left 9 right 10.5`. Nothing was saved.
too-many-tries = I average up to three tries a leg. Try `/ankle test left 9 9.4 9.2 right 10`. Nothing was saved.
impossible-negative = A distance can't be below zero. If the knee can't reach with the toes at the wall, log 0: `/ankle test 0cm`. Nothing was saved.
impossible-far = { $typed } is farther than an ankle goes (25 cm, or 9.8 in).{ $meant ->
    [some] {" "}Did you mean { $instead }?
   *[none] {" "}Try `/ankle test 9cm`.
} Nothing was saved.
day-unreadable = I couldn't read the day "{ $typed }". Try `on:yesterday`, `on:mon` or `on:2026-11-24`. Nothing was saved.
day-future = That day is still to come. Try `on:today` or `on:yesterday`. Nothing was saved.
day-too-old = Tests can be logged up to { $days } days back. Try `on:yesterday`. Nothing was saved.
check-in-future = That day is still to come. Try `on:today` or `on:yesterday`. Nothing was saved.
check-in-too-old = That works up to two days back. Try `on:yesterday`. Nothing was saved.
ahead-past = That day is over. Try `until:fri`, `until:2w` or `until:2026-12-10`. Nothing was changed.
ahead-too-far = That is more than a year ahead. Try `until:2w`. Nothing was changed.
break-unreadable = I couldn't read the days "{ $typed }". Try `/ankle club break 2026-08-01..2026-08-21`, or `none`. Nothing was changed.
break-past = A break begins today or later. Try `/ankle club break today..2w`. Nothing was changed.
break-too-far = That is more than a year ahead. Try `/ankle club break today..2w`. Nothing was changed.
break-backwards = That ends before it begins. Try `/ankle club break 2026-08-01..2026-08-21`. Nothing was changed.
title-empty = A challenge needs a name with a letter or a digit, such as "30 days of calf raises". Nothing was changed.
title-too-long = That name is too long. 40 characters are enough, such as "30 days of calf raises". Nothing was changed.
title-not-plain = A name is plain words, without links, mentions or marks, such as "30 days of calf raises". Nothing was changed.
challenge-exercise = I don't know the exercise "{ $typed }". Try `exercise:calf-raise` or `exercise:both`. Nothing was changed.
challenge-day-unreadable = I couldn't read the day "{ $typed }". Try `from:today`, `from:mon` or `from:2026-12-01`. Nothing was changed.
challenge-past = A challenge begins today or later. Try `from:today` or `from:mon`. Nothing was changed.
challenge-too-far = A challenge begins within a year. Try `from:today` or `from:mon`. Nothing was changed.
challenge-length-unreadable = A challenge takes from one day to 366, not "{ $typed }". Try `for:30d` or `for:4w`. Nothing was changed.
challenge-goal-unreadable = A goal is a number of days together, from 1 on, not "{ $typed }". Try `goal:450`. Nothing was changed.
challenge-no-goal = A challenge needs a goal, in days of everybody together. Try `goal:450`. Nothing was changed.
challenge-twice = A challenge "{ $typed }" is on already. Try another name, or `/ankle challenge list`. Nothing was changed.
enough-challenges = Three challenges at a time are enough. `/ankle challenge cancel` calls one off. Nothing was changed.
no-challenge = I find no such challenge here. `/ankle challenge list` shows them, and how one is started. Nothing was changed.
which-challenge = Several are on: name one by its number, such as `challenge:{ $id }`. `/ankle challenge list` shows them. Nothing was changed.
challenge-over = That challenge is over, and its results stay: `/ankle challenge show { $id }`. Nothing was changed.
enough-breaks = Five breaks are enough. `/ankle club break none` takes them back. Nothing was changed.
exercise-unknown = I don't know the exercise "{ $typed }". Try `/ankle done calf-raise` or `/ankle done both`. Nothing was saved.
sets-unreadable = I couldn't read "{ $typed }" as sets: 1 to 20. Try `/ankle done calf-raise sets:3`. Nothing was saved.
post-over = That post's day is over. For today: `/ankle done { $exercises }`. Nothing was saved.
pause-twice = Either one day of rest (`on:yesterday`), or a pause (`until:fri`). Nothing was changed.
time-unreadable = I couldn't read the time "{ $typed }". Try `/ankle remind set 07:00 days:mon-fri`. Nothing was changed.
days-unreadable = I couldn't read the days "{ $typed }". Try `days:mon-fri`, `days:tue,thu` or `days:daily`. Nothing was changed.
cron-unreadable = I couldn't read "{ $typed }". Five fields work, such as `/ankle remind set "0 7 * * 1-5"`. Nothing was changed.
cron-never = "{ $typed }" never comes. Try `/ankle remind set 07:00 days:mon-fri`. Nothing was changed.
cron-too-often = "{ $typed }" comes too often: at most four times a day, an hour apart. Try `"0 7,19 * * *"`. Nothing was changed.
days-twice = A cron line has its own days. Leave `days:` out, or try `/ankle remind set 07:00 days:mon-fri`. Nothing was changed.
which-zone = Where is that? Try `/ankle remind set 07:00 zone:Berlin`, or set the club's: `/ankle club settings zone:Berlin`. Nothing was changed.
room-unknown = I find no room "{ $typed }" here that takes posts. Say it in the room you mean, without `in:`. Nothing was changed.
enough-reminders = Five reminders are enough for one room. `/ankle remind list` shows them; remove one first. Nothing was changed.
cannot-post = I can't post there: { $why ->
    [see] I don't see that channel.
    [write] I may not write in it.
    [embed] I may not embed links, so my posts would be empty.
    [topic] its topic is closed.
    [absent] only my commands are here, not I myself. `/ankle doctor` has the link that takes me in.
    [gone] the room is gone, or I am not in it.
    [blocked] our private chat is closed to me.
   *[unknown] the platform didn't say whether I may.
} Nothing was saved.
who-unknown = I don't know "{ $typed }" in this club. Whoever it is says `/ankle streak` here once, then: `/ankle club deputy @ana`. Nothing was changed.
deputy-names = Only organisers themselves name deputies. Nothing was changed.
enough-deputies = Ten deputies are enough. `/ankle club deputy remove @ana` makes room. Nothing was changed.
nudge-unreadable = I couldn't read "{ $typed }". Try `/ankle nudge 19:00 days:mon-fri`, `/ankle nudge show`, or `/ankle nudge off`. Nothing was changed.
nudge-zone = Where do you live? `/ankle me settings zone:Berlin`, then `/ankle nudge 19:00`. Nothing was changed.
nudge-private = A nudge comes in our private chat, which is not open. Write to me there: `/ankle nudge 19:00`. Nothing was changed.
no-reminder = There is no such reminder here. `/ankle remind list` shows them. Nothing was changed.
which-reminder = Which one? `/ankle remind list` shows their numbers: `/ankle remind pause reminder:3`. Nothing was changed.
side-unreadable = I don't know the side "{ $typed }". Try `side:left`, `side:right` or `side:both`. Nothing was saved.
side-twice = The line names one leg and `side:` another. Try `/ankle test 9cm left`. Nothing was saved.
state-unreadable = A test is `state:cold` or `state:warm`, not "{ $typed }". Nothing was saved.
change-unreadable = I couldn't read "{ $typed }". Try `/ankle edit 812 9.5cm`, `left` or `warm`. Nothing was changed.
edit-one-number = One number for one test, please: `/ankle edit 812 9.5cm`. Nothing was changed.
edit-test-kept = I can't take that edit, so your test stays as it was. Try `/ankle test 9cm`.
edit-check-in-kept = I can't take that edit, so your check-in stays as it was. Try `/ankle done calf-raise`.
entry-unreadable = "{ $typed }" is no number of a test. `/ankle history` shows them. Nothing was changed.
entry-unknown = You have no test #{ $id }. `/ankle history` shows yours. Nothing was changed.
entry-undone = Test #{ $id } was taken back. Nothing was changed.
zone-unknown = I don't know the place "{ $typed }". { $meant ->
    [none] Try a big city near you: `zone:Berlin`.
   *[some] Did you mean { $zones }?
} Nothing was changed.
language-unknown = I don't speak "{ $typed }" yet. Try `language:en` or `language:de`. Nothing was changed.
day-start-unreadable = A day starts before noon: try `day-start:03:00`. Nothing was changed.
choice-unknown = "{ $typed }" is not one of { $choices }. Try { $example }. Nothing was changed.
option-twice = I found `{ $option }:` twice. Once is enough: `/ankle test 9cm on:yesterday`. Nothing was saved.
command-unknown = I don't know "{ $typed }". { $meant ->
    [none] Try `/ankle help`.
   *[some] Did you mean { $command }?
}
command-too-much = I don't know what to do with "{ $typed }" there. Try { $command }.
line-too-long = That is longer than I can read. Try `/ankle test 9cm`. Nothing was saved.
press-foreign = That's somebody else's button. Log yours: `/ankle test 9cm`
command-old = This command has changed. Type /ankle again; it may take a minute. Nothing was saved.
press-old = That button is too old. Type it instead: `/ankle help`
anonymous-cannot-log = I can't tell who you are here, so I log nothing. Write as yourself: `/ankle test 9cm`
say-whole = Something is missing there. Say it in one line: { $command }
edit-stays = What you said first is done, and an edit does not change it. Say the new line as a message of its own. What is set: `/ankle club`
not-saved = Not saved: I couldn't reach my database. Please try again in a minute.
went-wrong = Not saved: something went wrong on my side, and it is noted for whoever runs me. Please try again.
organisers-only = Only organisers can change that. Yours: `/ankle me settings`
organiser-unknown = I cannot see just now whether you are an organiser here, so nothing is changed. Please try again in a minute.
club-only = That is for a club: say it in a room of yours.
