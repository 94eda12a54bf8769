//! What methods assume of a station, each assumption checked with the refusal that says what is there
//! instead.

use super::kendall::exponential_mean;
use super::problem::{Discipline, Input, Station, StationFeature, Work};
use super::refusal::{ArrivalsAre, ArrivalsWanted, Refusal, ServiceIs, ServiceWanted};
use crate::dist::Dist;

impl Station {
    /// Fails if the station has a feature that is not in the list: what a method does not know it must
    /// not pass over in silence.
    ///
    /// ```
    /// use lindley::analytic::Refusal;
    /// use lindley::analytic::problem::{Input, Station, StationFeature, Work};
    /// use lindley::{dist::Dist, model::Servers};
    /// let work = Work::Law(Dist::Exponential(1.0));
    /// let station = Station { places: Some(3), ..Station::new(Input::Poisson(0.5), work, Servers::Count(1)) };
    /// assert!(station.only(&[StationFeature::LimitedPlaces]).is_ok());
    /// assert_eq!(station.only(&[]), Err(Refusal::Features(vec![StationFeature::LimitedPlaces])));
    /// ```
    pub fn only(&self, known: &[StationFeature]) -> Result<(), Refusal> {
        let unknown: Vec<StationFeature> = self.present().into_iter().filter(|f| !known.contains(f)).collect();
        if unknown.is_empty() { Ok(()) } else { Err(Refusal::Features(unknown)) }
    }

    /// Rate of Poisson arrivals, or why they are not Poisson.
    pub fn poisson(&self) -> Result<f64, Refusal> {
        self.arrivals.poisson_rate().ok_or_else(|| self.arrivals_other_than(ArrivalsWanted::Poisson))
    }

    /// The refusal of arrivals that are other than a method wants them.
    pub(super) fn arrivals_other_than(&self, wanted: ArrivalsWanted) -> Refusal {
        let are = match &self.arrivals {
            Input::Poisson(_) => ArrivalsAre::Poisson,
            Input::Renewal(interval) => ArrivalsAre::Renewal { law: interval.name(), scv: interval.scv() },
            Input::Moments { scv, .. } => ArrivalsAre::Moments { scv: *scv },
            Input::Markov(process) => ArrivalsAre::Markovian { phases: process.phases },
            Input::Batches { size, .. } => ArrivalsAre::Batches { mean: size.mean() },
        };
        Refusal::Arrivals { are, wanted }
    }

    /// Rate of exponential service, or why it is not exponential.
    pub fn exponential(&self) -> Result<f64, Refusal> {
        let mean = self.service.law().and_then(exponential_mean);
        mean.map(|mean| 1.0 / mean).ok_or_else(|| self.service_other_than(ServiceWanted::Exponential))
    }

    /// The refusal of a service that is other than a method wants it.
    pub(super) fn service_other_than(&self, wanted: ServiceWanted) -> Refusal {
        let is = match &self.service {
            Work::Law(law) => ServiceIs::Law { name: law.name(), scv: law.scv() },
            Work::Moments { scv, .. } => ServiceIs::Moments { scv: *scv },
        };
        Refusal::Service { is, wanted }
    }

    /// The service law, or why there is none.
    pub fn law(&self) -> Result<&Dist, Refusal> {
        self.service.law().ok_or_else(|| self.service_other_than(ServiceWanted::Law))
    }

    /// Fails unless the discipline is that one.
    pub fn served(&self, wanted: Discipline) -> Result<(), Refusal> {
        let is = self.discipline;
        if is == wanted { Ok(()) } else { Err(Refusal::Discipline { is, wanted }) }
    }

    /// The number of servers, or that they are not limited.
    pub fn limited_servers(&self) -> Result<u32, Refusal> {
        self.c().ok_or(Refusal::UnlimitedServers)
    }

    /// Fails unless there is one server.
    pub fn single_server(&self) -> Result<(), Refusal> {
        match self.limited_servers()? {
            1 => Ok(()),
            c => Err(Refusal::NotOneServer(c)),
        }
    }

    /// The limit on places, or that there is none.
    pub fn limited_places(&self) -> Result<u64, Refusal> {
        self.places.ok_or(Refusal::Missing(StationFeature::LimitedPlaces))
    }
}
