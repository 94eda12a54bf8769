//! The table of diagnostic codes: every code that the program prints, and the paragraph that
//! explains it. The one place where a code is introduced.

use super::code;

/// Every code with its explanation, in alphabetical order.
pub const CODES: &[(&str, &str)] = &[
    (
        code::BAD_NAME,
        "Names of producers, exchanges, queues and consumers are used in results and targets as \
         `name.metric.statistic`, so a name is not empty, holds no dot and no white space, and is not `system`, \
         which stands for the whole model.",
    ),
    (
        code::BAD_PATTERN,
        "A topic pattern is words separated by dots, where `*` stands for exactly one word and `#` for any number \
         of words. A wildcard is a word of its own: `order*` and `ord.#x` match nothing in a broker but the text \
         itself. Empty words (`a..b`, a dot at an end) and `#.#` (the same as `#`) are mistakes too.",
    ),
    (
        code::BAD_TRACE,
        "A data file was read but does not hold what is wanted: the column is missing, a cell is no number, an \
         instant is before its predecessor, a time is negative, or there are fewer values than messages. The line \
         given is the line of the data file.",
    ),
    (
        code::CANNOT_FAIL,
        "An expectation is there to break when the model changes. One whose tolerance takes in every result (100 % of \
         the value and more, more than 100 half-widths, an amount that covers a share from 0 to 1) holds whatever comes \
         out, and is a mistake.",
    ),
    (
        code::CONFLICTING_KEYS,
        "Two keys exclude each other: only one of them can say what happens. Examples: `queue` and `exchange` as \
         destination, `mean` and `rate` of an exponential, `messages` and `horizon` as the length of a run.",
    ),
    (
        code::DATA_FILE,
        "A file named in the model (a trace, an empirical sample, a histogram) could not be read. Names are \
         relative to the folder of the model file; a name that ends in `.gz` is decompressed.",
    ),
    (
        code::DEAD_LETTER_CYCLE,
        "Every queue of a cycle of `dead_letter` can hand a message on by itself: by expiry (`message_ttl`) or overflow \
         (`max_length`). A message that comes back to a queue without having been rejected by a consumer meanwhile is \
         dropped, as RabbitMQ does, and counted as `dropped`. Topologies that retry through dead letters (a consumer \
         rejects, a queue with a time to live waits and leads back) are not concerned: there a rejection breaks the cycle.",
    ),
    (
        code::DISRUPTION_CUT_OFF,
        "A run with disruptions is a transient: what happens before, while and after one is the result. A warm-up that \
         is cut off may take the disruption with it. Use `warmup = \"none\"` (the default with disruptions), or a fixed \
         time before the first one.",
    ),
    (
        code::DISRUPTION_NEVER,
        "The disruption begins when the run is over, so the run is the same without it. Lengthen `run.horizon`.",
    ),
    (
        code::DUPLICATE_BINDING,
        "The same binding is written twice. A queue gets one copy of a message however many bindings match, as AMQP \
         has it, so the second one changes nothing; probably another key or queue was meant.",
    ),
    (
        code::EMPTY_MODEL,
        "A model needs at least one producer, so that something happens, and one queue, so that it happens somewhere.",
    ),
    (
        code::ENDLESS_RETRY,
        "Every delivery comes back (failure or lost acknowledgement with probability 1) and the number of attempts is \
         unlimited, so no message ever leaves. Give `retry.max_attempts`, or a probability below 1.",
    ),
    (
        code::INFINITE_MEAN,
        "The service time has an infinite mean (a Pareto distribution with alpha <= 1, for example), so the queue has \
         no steady state however many servers it has, and averages grow with the length of the run. Use a bounded \
         distribution, or study a horizon with `warmup = \"none\"`.",
    ),
    (
        code::INVALID_ARRIVALS,
        "The parameters do not make an arrival process: a matrix is not square, a row of D0 + D1 does not sum to 0, a \
         phase can never be reached again, nothing ever arrives, or batches are built on a process that cannot carry \
         them.",
    ),
    (
        code::INVALID_DISTRIBUTION,
        "The parameters name no distribution of the family; the message gives the parameter, its value and the range. \
         A squared coefficient of variation (scv) is variance / mean^2: 0 is constant, 1 is exponential; not every \
         family reaches every value.",
    ),
    (
        code::LATE_TRACE,
        "The first instant of a trace lies far beyond the time the trace lasts, as time stamps counted from 1970 do. \
         The simulation would idle until then. `origin = \"first\"` makes the first instant time 0.",
    ),
    (
        code::LITERAL_PATTERN,
        "The binding key holds `*` or `#`, but only a topic exchange treats them as wildcards; a direct exchange \
         compares the text. Use `kind = \"topic\"`.",
    ),
    (
        code::MISSING_KEY,
        "A key without which the section makes no sense is absent. The message says which; `lindley schema model` \
         lists all keys, and docs/model-file.md shows them by example.",
    ),
    (
        code::NEVER_DRAINS,
        "`drained = true` ends a replication when every source is exhausted and the system is empty. A source that \
         never stops (Poisson, renewal, Markov-modulated, closed, a repeating schedule) is never exhausted. Use \
         `messages` or `horizon`.",
    ),
    (
        code::NO_CONSUMER,
        "Messages reach a queue that has no consumer, no `max_length` and no `message_ttl`, and that is not the \
         dead-letter queue of another one: it grows without end. Add a consumer, a limit, or a time to live.",
    ),
    (
        code::NO_MEAN_RATE,
        "`factor` multiplies the mean rate of a producer. A closed population and a schedule that does not repeat have \
         none; `extra = \"130/s\"` says the additional messages by themselves.",
    ),
    (
        code::NO_WEIGHT,
        "Weights are relative: they are divided by their sum. So none is negative, and at least one is positive.",
    ),
    (
        code::NOT_MEASURED,
        "A target or an expectation speaks of a number that no run of this model has, though there is such a metric: the \
         probability of a number in the system, a quantile of `backlog_peak`, `cost` (only `size` knows costs), \
         `prob_loss` of a queue without limit, what theory alone gives. So nothing could ever meet it. The nearest \
         number that there is, is named; `lindley run MODEL -v` lists all.",
    ),
    (
        code::OUT_OF_RANGE,
        "The value is of the right type but impossible: a negative rate, a probability outside [0, 1], zero servers, \
         a quantile outside (0, 1). The message gives the value and the range.",
    ),
    (
        code::PRIORITY_TOO_HIGH,
        "A queue with n `priority_levels` knows the priorities 0 to n - 1 (a queue without the key has one level: \
         0). A broker would lower a higher priority silently; here it is an error, because the model would not do \
         what it says.",
    ),
    (
        code::RECORDED_SERVICE,
        "`service = { trace = ... }` gives the n-th message of a trace producer the n-th recorded time, whatever queues \
         it passes on its way. So only messages of producers with `arrivals = { trace = ... }` may come there, as many \
         as there are times at most, and none of a burst. Other messages need a class of their own and a law for it in \
         `by_class`. For independent draws from recorded times use `service = { empirical = { file = ... } }`.",
    ),
    (
        code::SYNTAX,
        "The text is not TOML (https://toml.io). What follows the mistake is still checked as far as possible.",
    ),
    (
        code::UNBOUND_EXCHANGE,
        "An exchange without bindings delivers to nobody: every message published to it is unroutable.",
    ),
    (
        code::UNKNOWN_CLASS,
        "`by_class` gives a service time for a class that nobody publishes. Classes are named by `class`, or by the \
         keys of `routing_key = { choice = ... }`.",
    ),
    (code::UNKNOWN_CONSUMER, "The name of a consumer that has no `[consumers.NAME]` section."),
    (code::UNKNOWN_EXCHANGE, "The name of an exchange that has no `[exchanges.NAME]` section."),
    (
        code::UNKNOWN_KEY,
        "A key that means nothing in this section; it would have been ignored. The nearest known key is suggested.",
    ),
    (code::UNKNOWN_PRODUCER, "The name of a producer that has no `[producers.NAME]` section."),
    (
        code::UNKNOWN_QUANTITY,
        "Targets and expectations name a number of the result as `\"entity.metric.statistic\"`: the entity is a queue, a \
         consumer, a producer or `system`; `lindley explain metrics` lists the metrics; the statistic is `mean`, \
         `variance`, `max`, `count`, `fraction` or a quantile such as `p99.9`. The key is in quotes because of its dots.",
    ),
    (code::UNKNOWN_QUEUE, "The name of a queue that has no `[queues.NAME]` section."),
    (
        code::UNKNOWN_VALUE,
        "A text that is not one of the words known for this key. The nearest known word is suggested.",
    ),
    (
        code::UNREACHED_QUEUE,
        "No producer, consumer or dead-letter rule sends anything to this queue, so it stays empty.",
    ),
    (
        code::UNROUTABLE,
        "A kind of message matches no binding of the exchange it is published to, so it reaches no queue and ends as \
         `unroutable`.",
    ),
    (
        code::UNSTABLE_QUEUE,
        "More work arrives than the consumers of the queue can do: arrival rate (retries and onward publications \
         included) times mean service is not below the number of servers. Then there is no steady state: averages \
         grow with the length of the run and a warm-up does not settle. Give more servers, or study the build-up \
         over a finite time with `run.horizon` and `run.warmup = \"none\"`.",
    ),
    (
        code::UNSUPPORTED,
        "Something that brokers have and this model does not. Consumers hold one message per server (prefetch 1): a \
         larger prefetch changes which consumer a message waits at, which is not modelled.",
    ),
    (code::UNUSED_EXCHANGE, "Nobody publishes to this exchange and no other exchange is bound to it."),
    (
        code::UNUSED_KEY,
        "The key is understood but has no effect beside the others: `overflow` without `max_length`, `requeue` with a \
         back-off, `retry` with automatic acknowledgement...",
    ),
    (
        code::WARMUP_TOO_LONG,
        "The warm-up that is cut off is as long as the run itself, so nothing would be left to measure.",
    ),
    (code::WRONG_TYPE, "The value has another type than the key wants, a text instead of a number for example."),
    (
        code::WRONG_UNIT,
        "A time is written with a unit of time (`40ms`, `2 min`), a rate with a unit per time (`120/s`, `90/min`). A \
         bare number is seconds or per second.",
    ),
];

/// The explanation of a code, if there is such a code.
///
/// ```
/// assert!(lindley::diag::explain("unstable-queue").unwrap().contains("no steady state"));
/// assert_eq!(lindley::diag::explain("unstable"), None);
/// ```
pub fn explain(code: &str) -> Option<&'static str> {
    CODES.iter().find(|(name, _)| *name == code).map(|(_, text)| *text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_sorted_and_kebab_case() {
        assert!(CODES.windows(2).all(|pair| pair[0].0 < pair[1].0));
        for (code, text) in CODES {
            assert!(code.chars().all(|c| c.is_ascii_lowercase() || c == '-'), "{code}");
            assert!(text.ends_with('.') && text.len() > 20, "{code}");
        }
    }
}
