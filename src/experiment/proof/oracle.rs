//! Stations whose numbers are known from elsewhere: closed forms and series that were evaluated outside this program, from
//! Erlang (1917), Kleinrock, Queueing Systems 1, ch. 3 and 5, and Gross and Harris, ch. 2.

use crate::model::Model;

/// A station, and what is known of it.
#[derive(Debug, Clone, Copy)]
pub struct OracleCase {
    /// Its name.
    pub id: &'static str,
    arrivals: &'static str,
    servers: &'static str,
    service: &'static str,
    queue: &'static str,
    /// Messages of a replication: many relaxation times, so that means over replications are close to normal.
    messages: u64,
    /// Quantities and their exact values; the first of each case is no function of another case's.
    pub answers: &'static [(&'static str, f64)],
}

const EXP1: &str = "{ exponential = { mean = \"1s\" } }";
const WAIT: &str = "q.wait.mean";
const LENGTH: &str = "q.in_system.mean";
const LOSS: &str = "q.prob_loss.fraction";

/// Every case.
pub const CASES: &[OracleCase] = &[
    OracleCase {
        id: "mm1-rho0.1",
        arrivals: "0.1/s",
        servers: "1",
        service: EXP1,
        queue: "",
        messages: 200_000,
        answers: &[(WAIT, 0.111_111_111_111_111_1), (LENGTH, 0.111_111_111_111_111_1)],
    },
    OracleCase {
        id: "mmc-c2-rho0.5",
        arrivals: "1/s",
        servers: "2",
        service: EXP1,
        queue: "",
        messages: 200_000,
        answers: &[(WAIT, 0.333_333_333_333_333_3), (LENGTH, 1.333_333_333_333_333_3)],
    },
    OracleCase {
        id: "mmc-c8-rho0.3",
        arrivals: "2.4/s",
        servers: "8",
        service: EXP1,
        queue: "",
        messages: 400_000,
        answers: &[(WAIT, 0.000_631_669_605_792_154_1), (LENGTH, 2.401_516_007_053_901)],
    },
    OracleCase {
        id: "mmc-c50-rho0.7",
        arrivals: "35/s",
        servers: "50",
        service: EXP1,
        queue: "",
        messages: 400_000,
        answers: &[(WAIT, 0.000_735_004_978_429_828), (LENGTH, 35.025_725_174_245_046)],
    },
    OracleCase {
        id: "mmc-c500-rho0.9",
        arrivals: "450/s",
        servers: "500",
        service: EXP1,
        queue: "",
        messages: 1_000_000,
        answers: &[(LENGTH, 450.109_880_006_714_4)],
    },
    OracleCase {
        id: "mmc-c3-degenerate",
        arrivals: "2/s",
        servers: "3",
        service: EXP1,
        queue: "",
        messages: 200_000,
        answers: &[(WAIT, 0.444_444_444_444_444_4), (LENGTH, 2.888_888_888_888_889)],
    },
    OracleCase {
        id: "mmck-c1-K1-l1",
        arrivals: "1/s",
        servers: "1",
        service: EXP1,
        queue: "max_length = 0\noverflow = \"reject-publish\"",
        messages: 200_000,
        answers: &[(LOSS, 0.5), (LENGTH, 0.5)],
    },
    OracleCase {
        id: "mmck-c1-K10-l1.5",
        arrivals: "1.5/s",
        servers: "1",
        service: EXP1,
        queue: "max_length = 9\noverflow = \"reject-publish\"",
        messages: 200_000,
        answers: &[(WAIT, 7.176_475_657_044_377), (LOSS, 0.337_232_080_137_522_2), (LENGTH, 8.128_658_644_538_232)],
    },
    OracleCase {
        id: "mmck-c2-K4-l1.5",
        arrivals: "1.5/s",
        servers: "2",
        service: EXP1,
        queue: "max_length = 2\noverflow = \"reject-publish\"",
        messages: 200_000,
        answers: &[
            (WAIT, 0.314_685_314_685_314_7),
            (LOSS, 0.124_042_879_019_908_11),
            (LENGTH, 1.727_411_944_869_831_5),
        ],
    },
    OracleCase {
        id: "mmck-c16-K64-l20",
        arrivals: "20/s",
        servers: "16",
        service: EXP1,
        queue: "max_length = 48\noverflow = \"reject-publish\"",
        messages: 400_000,
        answers: &[(WAIT, 2.750_029_734_242_079), (LOSS, 0.200_001_405_612_471_46)],
    },
    OracleCase {
        id: "mginf-det",
        arrivals: "4/s",
        servers: "\"unlimited\"",
        service: "\"2.5s\"",
        queue: "",
        messages: 200_000,
        answers: &[(LENGTH, 10.0)],
    },
    OracleCase {
        id: "md1-rho0.5",
        arrivals: "0.5/s",
        servers: "1",
        service: "\"1s\"",
        queue: "",
        messages: 200_000,
        answers: &[(WAIT, 0.5), (LENGTH, 0.75)],
    },
    OracleCase {
        id: "me21-rho0.7",
        arrivals: "0.7/s",
        servers: "1",
        service: "{ erlang = { k = 2, mean = \"1s\" } }",
        queue: "",
        messages: 300_000,
        answers: &[(WAIT, 1.75), (LENGTH, 1.925)],
    },
    OracleCase {
        id: "me101-rho0.8",
        arrivals: "0.8/s",
        servers: "1",
        service: "{ erlang = { k = 10, mean = \"1s\" } }",
        queue: "",
        messages: 300_000,
        answers: &[(WAIT, 2.2), (LENGTH, 2.56)],
    },
    OracleCase {
        id: "mh21-scv4-rho0.9",
        arrivals: "0.9/s",
        servers: "1",
        service: "{ hyperexponential = { mean = \"1s\", scv = 4 } }",
        queue: "",
        messages: 3_000_000,
        answers: &[(WAIT, 22.5), (LENGTH, 21.15)],
    },
    OracleCase {
        id: "mln1-sig2_1.60-rho0.5",
        arrivals: "0.5/s",
        servers: "1",
        service: "{ lognormal = { mean = \"1s\", scv = 4 } }",
        queue: "",
        messages: 1_000_000,
        answers: &[(WAIT, 2.5), (LENGTH, 1.75)],
    },
    OracleCase {
        id: "mm1-rho0.99",
        arrivals: "0.99/s",
        servers: "1",
        service: EXP1,
        queue: "",
        messages: 4_000_000,
        answers: &[(WAIT, 99.0), (LENGTH, 99.0)],
    },
];

impl OracleCase {
    /// The model: 20 replications, so many times shorter than the whole length. Each case has a seed of its own, its number:
    /// with a common seed the cases would share their streams, and their scores would not be independent.
    pub(super) fn model(&self, seed: usize, shorter: u64) -> Model {
        let OracleCase { arrivals, servers, service, queue, .. } = self;
        let messages = self.messages / shorter;
        let text = format!(
            "[producers.p]\narrivals = {{ poisson = \"{arrivals}\" }}\nqueue = \"q\"\n[queues.q]\n{queue}\n\
             [consumers.c]\nqueue = \"q\"\nservers = {servers}\nservice = {service}\n\
             [run]\nmessages = {messages}\nreplications = 20\nseed = {seed}\n"
        );
        Model::from_toml(&text).expect("the models of this program are right: a test reads them")
    }
}
